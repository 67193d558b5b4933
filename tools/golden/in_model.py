"""Golden cross-entropies and KL divergences under ablation of one site, by Hugging Face transformers.

    python tools/golden/in_model.py --model packages/demo-models/base --out apps/cli/test/golden/in-model.json

The MLP output of one block is halved (what an SAE of half reconstructions does), zeroed, and replaced by its mean over
all positions of the texts. Nats per predicted token, softmax in f64 over f32 logits.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import transformers

SEED = 20261122
LENGTHS = (24, 9, 1, 16)
LAYER = 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    draw = random.Random(SEED)
    texts = []
    for length in LENGTHS:
        start = torch.tensor([[draw.randrange(1, model.config.vocab_size)]])
        torch.manual_seed(SEED)
        made = start if length == 1 else model.generate(
            start, attention_mask=torch.ones_like(start), do_sample=True,
            min_new_tokens=length - 1, max_new_tokens=length - 1, pad_token_id=0)
        texts.append(made[0].tolist())

    module = model.gpt_neox.layers[LAYER].mlp
    seen = []

    def log_probs(edit=None):
        rows = []
        hook = module.register_forward_hook(lambda _m, _in, out: seen.append(out[0]) if edit is None else edit(out))
        with torch.no_grad():
            for ids in texts:
                rows.append(torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), dim=-1))
        hook.remove()
        return rows

    clean = log_probs()
    mean = torch.cat(seen).double().mean(dim=0).float()
    tokens = sum(len(ids) - 1 for ids in texts)

    def losses(rows):
        cross_entropy = kl = 0.0
        for ids, p, q in zip(texts, clean, rows):
            n = len(ids) - 1
            cross_entropy -= sum(q[i, ids[i + 1]].item() for i in range(n))
            kl += (p[:n].exp() * (p[:n] - q[:n])).sum().item()
        return {"crossEntropy": cross_entropy / tokens, "kl": kl / tokens}

    result = {
        "site": f"blocks.{LAYER}.hook_mlp_out",
        "texts": texts,
        "tokens": tokens,
        "clean": losses(clean),
        "half": losses(log_probs(lambda out: out / 2)),
        "zero": losses(log_probs(lambda out: out * 0)),
        "mean": losses(log_probs(lambda out: mean.expand_as(out))),
    }
    arguments.out.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
