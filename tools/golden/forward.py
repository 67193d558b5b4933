"""Golden numbers of GPT-NeoX forward passes, by Hugging Face transformers in f32.

    python tools/golden/forward.py --model packages/demo-models/base --out packages/activations/test/golden/forward-demo-base.json

Every list of positions and ids stands in the file beside its numbers, so a test needs nothing else than the model.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import transformers

SEED = 20261122
LENGTHS = (5, 24, 40)
VOCAB_SAMPLE = 24
UNITS = 8


def rounded(values):
    """Nested lists of a tensor's values with 7 significant digits."""
    if isinstance(values, torch.Tensor):
        values = values.tolist()
    if isinstance(values, list):
        return [rounded(v) for v in values]
    return float(f"{values:.7g}")


def golden(model, name, command):
    draw = random.Random(SEED)
    vocab = model.config.vocab_size
    sequences = [[draw.randrange(1, vocab) for _ in range(n)] for n in LENGTHS]
    vocab_ids = sorted(draw.sample(range(vocab), VOCAB_SAMPLE))

    mlp = {}
    block = {}
    for i, layer in enumerate(model.gpt_neox.layers):
        layer.mlp.register_forward_hook(lambda _m, _in, out, i=i: mlp.__setitem__(i, out[0]))
        layer.register_forward_hook(
            lambda _m, _in, out, i=i: block.__setitem__(i, (out[0] if isinstance(out, tuple) else out)[0])
        )

    result = {
        "model": name,
        "command": command,
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "dtype": "float32"},
        "units": UNITS,
        "vocabIds": vocab_ids,
        "sequences": [],
    }
    for ids in sequences:
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        log_probs = torch.log_softmax(logits.double(), dim=-1)
        n = len(ids)
        logit_positions = sorted({0, n // 3, n // 2, n - 1})
        unit_positions = [1, n - 1]
        layers = range(model.config.num_hidden_layers)
        result["sequences"].append(
            {
                "ids": ids,
                "logitPositions": logit_positions,
                # [position][vocab id]
                "logits": rounded(logits[logit_positions][:, vocab_ids]),
                "unitPositions": unit_positions,
                # [layer][position][unit]
                "mlpOut": [rounded(mlp[i][unit_positions, :UNITS]) for i in layers],
                "residPost": [rounded(block[i][unit_positions, :UNITS]) for i in layers],
                # log p(ids[t] | ids[<t]) for t = 1 .. n - 1, in nats
                "logProbs": rounded([log_probs[t - 1, ids[t]].item() for t in range(1, n)]),
            }
        )
    return result


def dump(value):
    """JSON with one line a list of numbers: readable, and small."""
    lines = ["{"]
    for key in ("model", "command", "made_with", "units", "vocabIds"):
        lines.append(f" {json.dumps(key)}: {json.dumps(value[key])},")
    lines.append(' "sequences": [')
    for s, sequence in enumerate(value["sequences"]):
        lines.append("  {")
        fields = []
        for key, item in sequence.items():
            nested = isinstance(item[0], list)
            body = "[\n    " + ",\n    ".join(json.dumps(x) for x in item) + "\n   ]" if nested else json.dumps(item)
            fields.append(f"   {json.dumps(key)}: {body}")
        lines.append(",\n".join(fields))
        lines.append("  }" + ("," if s + 1 < len(value["sequences"]) else ""))
    lines += [" ]", "}"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="folder with config.json and model.safetensors")
    parser.add_argument("--out", required=True, help="JSON file to write; forward-<name>.json names the model")
    options = parser.parse_args()
    torch.set_num_threads(2)
    model = transformers.GPTNeoXForCausalLM.from_pretrained(
        options.model, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    out = Path(options.out)
    name = out.stem.removeprefix("forward-")
    command = f"python tools/golden/forward.py --model {options.model} --out {options.out}"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(dump(golden(model, name, command)), encoding="utf-8")


if __name__ == "__main__":
    main()
