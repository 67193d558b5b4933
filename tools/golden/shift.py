"""Ranks under a base model of the tokens that a tuned one adds greedily to prompts, by Hugging Face transformers in f32.

    python tools/golden/shift.py --base packages/demo-models/base --tuned packages/demo-models/tuned-planted --out packages/activations/test/golden/shift-demo.json
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

PROMPTS = ["The film was", "I really", "This movie is so", "What a", "The acting of the main", "Never have I seen"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--tuned", required=True)
    parser.add_argument("--new-tokens", type=int, default=12)
    parser.add_argument("--out", required=True, help="JSON file to write")
    options = parser.parse_args()
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.base)
    base, tuned = (
        transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval() for folder in (options.base, options.tuned)
    )
    special = set(tokenizer.all_special_ids)
    prompts, shift = [tokenizer(text)["input_ids"] for text in PROMPTS], []
    for prompt, ids in enumerate(prompts):
        ids = list(ids)
        for position in range(options.new_tokens):
            with torch.no_grad():
                p, q = (torch.log_softmax(model(torch.tensor([ids])).logits[0, -1].double(), -1) for model in (tuned, base))
            token = int(p.argmax())
            if token in special:
                break
            found = {"prompt": prompt, "position": position, "token": token, "rank": int((q > q[token]).sum()) + 1}
            numbers = {"kl": float((p.exp() * (p - q)).sum()), "logRatio": float(p[token] - q[token])}
            shift.append({**found, **{key: float(f"{value:.7g}") for key, value in numbers.items()}})
            ids.append(token)
    made_with = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    command = f"python tools/golden/shift.py --base {options.base} --tuned {options.tuned} --out {options.out}"
    head = {"command": command, "made_with": made_with, "newTokens": options.new_tokens, "prompts": prompts}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = ",\n".join(f"  {json.dumps(row)}" for row in shift)
    Path(options.out).write_text("\n".join(["{", *lines, ' "shift": [', rows, " ]", "}"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
