"""Golden numbers of SAE training steps, by PyTorch in f32: loss, weights after the first and after the third step.

    python tools/golden/sae_step.py --out packages/sae/test/golden/sae-step.json

The decoder's gradient loses its part along each row, Adam steps, the rows are normalised again.
"""

import argparse
import json
from pathlib import Path

import torch

D_IN, D_SAE, ROWS, STEPS = 6, 5, 8, 3
LEARNING_RATE = 0.02
KINDS = {"tied": {"kind": "tied", "l1": 0.3}, "relu": {"kind": "relu", "l1": 0.3}, "topk": {"kind": "topk", "k": 2, "l1": 0}}


def rounded(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


def encode(kind, k, w_enc, b_enc, b_dec, x):
    pre = (x if kind == "tied" else x - b_dec) @ w_enc + b_enc
    if kind != "topk":
        return torch.relu(pre)
    top = pre.topk(k, dim=-1)
    return torch.zeros_like(pre).scatter(-1, top.indices, torch.relu(top.values))


def train(settings, initial, batches):
    kind, k, l1 = settings["kind"], settings.get("k", 0), settings["l1"]
    weights = {name: value.clone().requires_grad_() for name, value in initial.items() if not (kind == "tied" and name == "wEnc")}
    optimiser = torch.optim.Adam(weights.values(), lr=LEARNING_RATE)
    steps = []
    for x in batches:
        w_dec = weights["wDec"]
        w_enc = w_dec.T if kind == "tied" else weights["wEnc"]
        z = encode(kind, k, w_enc, weights["bEnc"], weights["bDec"], x)
        mse = ((z @ w_dec + weights["bDec"] - x) ** 2).sum(1).mean()
        loss = mse + l1 * z.abs().sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        with torch.no_grad():
            w_dec.grad -= (w_dec.grad * w_dec).sum(1, keepdim=True) * w_dec
            optimiser.step()
            w_dec /= w_dec.norm(dim=1, keepdim=True)
        steps.append(
            {
                "loss": loss.item(),
                "mse": mse.item(),
                "l0": (z > 0).float().sum(1).mean().item(),
                "weights": {name: rounded(value) for name, value in weights.items()},
            }
        )
    return steps


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    generator = torch.Generator().manual_seed(20261122)
    normal = lambda *shape: torch.randn(*shape, generator=generator)
    w_dec = normal(D_SAE, D_IN)
    initial = {
        "wEnc": normal(D_IN, D_SAE) * 0.5,
        "bEnc": normal(D_SAE) * 0.2,
        "wDec": w_dec / w_dec.norm(dim=1, keepdim=True),
        "bDec": normal(D_IN) * 0.2,
    }
    batches = [normal(ROWS, D_IN) for _ in range(STEPS)]
    runs = {name: {**settings, "steps": train(settings, initial, batches)} for name, settings in KINDS.items()}
    head = {
        "command": f"python tools/golden/sae_step.py --out {options.out}",
        "made_with": {"torch": torch.__version__.split("+")[0]},
        "dIn": D_IN,
        "dSae": D_SAE,
        "batchRows": ROWS,
        "learningRate": LEARNING_RATE,
        "initial": {name: rounded(value) for name, value in initial.items()},
        "batches": [rounded(batch) for batch in batches],
    }
    for run in runs.values():
        run["steps"] = [
            {key: value for key, value in step.items() if key != "weights" or i in (0, STEPS - 1)}
            for i, step in enumerate(run["steps"])
        ]
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()]
    lines += [' "runs": {'] + [f"  {json.dumps(k)}: {json.dumps(v)}{',' if i < 2 else ''}" for i, (k, v) in enumerate(runs.items())]
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    Path(options.out).write_text("\n".join([*lines, " }", "}"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
