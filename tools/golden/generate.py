"""Golden greedy continuations by transformers.generate with its KV cache, each prompt alone.

    python tools/golden/generate.py --model packages/demo-models/base --out packages/activations/test/golden/generate-demo-base.json

Of each prompt: its ids, the new ids up to the end of the text (left out), and the smallest lead, in logits, of a token that was taken over the
next best one: numbers that agree to less than half of that must give the same tokens.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import transformers

SEED = 20261122
LENGTHS = (1, 3, 8, 20, 40)
NEW = 40


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="checkpoint folder")
    parser.add_argument("--out", required=True, help="JSON file to write")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = transformers.AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    draw = random.Random(SEED)
    lines = []
    for length in LENGTHS:
        ids = [draw.randrange(1, model.config.vocab_size) for _ in range(length)]
        prompt = torch.tensor([ids])
        with torch.inference_mode():
            found = model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=NEW,
                do_sample=False,
                use_cache=True,
                eos_token_id=0,
                pad_token_id=0,
                output_logits=True,
                return_dict_in_generate=True,
            )
        new = found.sequences[0, length:].tolist()
        best = torch.stack(found.logits)[:, 0].topk(2).values
        lead = (best[:, 0] - best[:, 1]).min().item()
        if 0 in new:
            new = new[: new.index(0)]
        lines.append("  " + json.dumps({"ids": ids, "added": new, "lead": float(f"{lead:.4g}")}))
    head = {
        "command": f"python tools/golden/generate.py --model {options.model} --out {options.out}",
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
        "newTokens": NEW,
    }
    body = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    Path(options.out).write_text("{\n" + body + ',\n "prompts": [\n' + ",\n".join(lines) + "\n ]\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
