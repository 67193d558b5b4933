"""Golden token distributions of sampling settings, by the logits warpers of Hugging Face transformers in f64.

    python tools/golden/sampling.py --out packages/activations/test/golden/sampling.json

The logits are multiples of 1/4096, exact in f32; the warpers are those that `GenerationMixin` makes, in its order. Kept tokens are in
order of their ids; of many, every seventh is given. Probabilities have 10 digits.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import transformers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

VOCABULARY = 300
SETTINGS = [
    {"temperature": 1.0},
    {"temperature": 0.7},
    {"temperature": 1.8, "top_k": 5},
    {"top_k": 1},
    {"top_k": 1000},
    {"top_p": 0.9},
    {"top_p": 0.05},
    {"temperature": 0.5, "top_p": 0.99},
    {"temperature": 3.0, "top_p": 0.6},
    {"min_p": 0.1},
    {"min_p": 1.0},
    {"temperature": 2.0, "min_p": 0.02},
    {"temperature": 1.3, "top_k": 40, "top_p": 0.8},
    {"temperature": 1.3, "top_k": 40, "min_p": 0.2},
    {"temperature": 0.9, "top_p": 0.95, "min_p": 0.05},
    {"temperature": 1.5, "top_k": 20, "top_p": 0.7, "min_p": 0.3},
]


def draw_logits(seed, spread):
    draw = random.Random(seed)
    return [round(draw.gauss(0, spread) * 4096) / 4096 for _ in range(VOCABULARY)]


def distribution(model, logits, settings):
    config = GenerationConfig(do_sample=True, **{"temperature": 1.0, "top_k": 0, "top_p": 1.0, **settings})
    warpers = model._get_logits_processor(config, input_ids_seq_length=1, device="cpu")
    scores = warpers(torch.tensor([[1]]), torch.tensor([logits], dtype=torch.float64))[0]
    kept = torch.isfinite(scores).nonzero().flatten().tolist()
    return kept, torch.softmax(scores, dim=-1)[kept].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="JSON file to write")
    options = parser.parse_args()
    tiny = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1
    )
    model = LlamaForCausalLM(tiny)
    rows = [draw_logits(seed, spread) for seed, spread in ((1, 1.0), (2, 3.0))]
    lines = [
        "{",
        f' "command": {json.dumps(f"python tools/golden/sampling.py --out {options.out}")},',
        f' "made_with": {json.dumps({"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__})},',
        ' "logits": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n ],",
        ' "cases": [',
    ]
    cases = []
    for r, logits in enumerate(rows):
        for settings in SETTINGS:
            tokens, probabilities = distribution(model, logits, settings)
            every = 7 if len(tokens) >= 60 else 1
            cases.append(
                "  "
                + json.dumps(
                    {
                        "logits": r,
                        "settings": settings,
                        "count": len(tokens),
                        "every": every,
                        "tokens": tokens[::every],
                        "probabilities": [float(f"{p:.10g}") for p in probabilities[::every]],
                    }
                )
            )
    lines += [",\n".join(cases), " ]", "}"]
    out = Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
