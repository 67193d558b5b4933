"""What tuning changed between two tiny GPT-NeoX models, by Hugging Face transformers, PyTorch and NumPy in f64.

    python tools/golden/changes.py --out packages/activations/test/golden/changes.json

Weights follow from their names (tiny_weights.py). The tuned model: the second block's MLP weights grow by (i mod 3) / 8 and the
unembedding's by (i mod 5) / 8, i the entry's number.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import transformers
from tiny_variants import PLAIN
from tiny_weights import weights

TEXTS = [[5, 9, 2, 7, 31, 1], [3], [8, 1, 1, 30, 4, 4, 17, 22, 9, 1, 28, 29, 6, 13, 2, 11], [12, 30]]
PROMPTS = [[5, 9], [3], [8, 1, 1], [12, 30], [22, 9, 4]]
NEW_TOKENS = 6
SPECIAL = 0


def build(tuned):
    config = transformers.GPTNeoXConfig(**{k: v for k, v in PLAIN.items() if k != "model_type"})
    model = transformers.GPTNeoXForCausalLM._from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            stored = name.replace("lm_head", "embed_out")
            value = weights(stored, parameter.shape)
            steps = {"gpt_neox.layers.1.mlp.dense_h_to_4h.weight": 3, "embed_out.weight": 5}
            if tuned and stored in steps:
                value = value + (torch.arange(value.numel()) % steps[stored]).reshape(value.shape) / 8
            parameter.copy_(value)
    return model.double()


def look(model, ids):
    """Residual stream behind both blocks and logits, of one text."""
    found = []
    handles = [
        block.register_forward_hook(lambda _m, _i, out: found.append((out[0] if isinstance(out, tuple) else out)[0]))
        for block in model.gpt_neox.layers
    ]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    for handle in handles:
        handle.remove()
    # The block's output, some versions of transformers with a batch before it.
    return [f.reshape(len(ids), -1).numpy() for f in found], torch.log_softmax(logits, -1).numpy()


def lens(model, point):
    with torch.no_grad():
        return torch.log_softmax(model.lm_head(model.gpt_neox.final_layer_norm(torch.tensor(point))), -1).numpy()


def shares(rows, centred):
    rows = rows - rows.mean(axis=0) if centred else rows
    values, vectors = np.linalg.eigh(rows.T @ rows)
    first = vectors[:, -1]
    return (values[::-1] / values.sum())[:4].tolist(), (first * np.sign(first[np.abs(first).argmax()])).tolist()


def shifted(base, tuned):
    found = []
    for prompt_index, prompt in enumerate(PROMPTS):
        ids = list(prompt)
        for position in range(NEW_TOKENS):
            p, q = look(tuned, ids)[1][-1], look(base, ids)[1][-1]
            token = int(p.argmax())
            if token == SPECIAL:
                break
            found.append(
                {
                    "prompt": prompt_index,
                    "position": position,
                    "token": token,
                    "rank": int((q > q[token]).sum()) + 1,
                    "kl": float((np.exp(p) * (p - q)).sum()),
                    "logRatio": float(p[token] - q[token]),
                }
            )
            ids.append(token)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="JSON file to write")
    options = parser.parse_args()
    base, tuned = build(False), build(True)
    kl, reverse, vocabulary, rows = [], [], np.zeros(PLAIN["vocab_size"]), {"base": [[], []], "tuned": [[], []]}
    for ids in TEXTS:
        (streams_q, q), (streams_p, p) = look(base, ids), look(tuned, ids)
        p, q = p[:-1], q[:-1]
        part = np.exp(p) * (p - q)
        kl += part.sum(axis=1).tolist()
        reverse += (np.exp(q) * (q - p)).sum(axis=1).tolist()
        vocabulary += part.sum(axis=0)
        for layer in range(2):
            rows["base"][layer].append(streams_q[layer][:-1])
            rows["tuned"][layer].append(streams_p[layer][:-1])
    sites = []
    last = np.concatenate(rows["base"][1]).mean(axis=0)
    for layer in range(2):
        a, b = np.concatenate(rows["base"][layer]), np.concatenate(rows["tuned"][layer])
        d = b - a
        found = {"meanL2": np.linalg.norm(d, axis=1).mean(), "baseNorm": np.linalg.norm(a, axis=1).mean(), "meanDifference": d.mean(axis=0).tolist()}
        if layer == 1:
            found |= {"about0": shares(d, False), "aboutMean": shares(d, True)}
            found["relativeL2"] = np.linalg.norm(d) / np.linalg.norm(a)
            found["lens"] = (lens(tuned, last + d.mean(axis=0)) - lens(tuned, last)).tolist()
        sites.append(found)
    golden = {
        "command": f"python tools/golden/changes.py --out {options.out}",
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "numpy": np.__version__},
        "texts": TEXTS,
        "kl": kl,
        "reverseKl": reverse,
        "vocabularyKl": vocabulary.tolist(),
        "sites": sites,
        "prompts": PROMPTS,
        "newTokens": NEW_TOKENS,
        "shift": shifted(base, tuned),
    }
    short = json.loads(json.dumps(golden), parse_float=lambda text: float(f"{float(text):.9g}"))
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in short.items())
    out = Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
