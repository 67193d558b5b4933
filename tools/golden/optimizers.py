"""Golden numbers of optimizers, gradient clipping and learning-rate schedules, by PyTorch.

    python tools/golden/optimizers.py --out packages/graph/test/golden/optimizers.json

Trajectories are 10 steps in f32 on a loss with gradient a w - b, a schedule of 12 rates each.
"""

import argparse
import json
from pathlib import Path

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, CosineAnnealingWarmRestarts, LinearLR, SequentialLR

START = [0.5, -1.5, 2.0, 0.0]
SLOPE = [1.0, 3.0, 0.1, 20.0]
PULL = [0.3, 1.0, -2.0, 0.01]
OPTIMIZERS = {
    "sgd": lambda p: SGD(p, lr=0.02),
    "sgd with momentum": lambda p: SGD(p, lr=0.02, momentum=0.9),
    "sgd with nesterov momentum and decay": lambda p: SGD(p, lr=0.02, momentum=0.8, nesterov=True, weight_decay=0.1),
    "adam": lambda p: Adam(p, lr=0.1),
    "adam with other betas and epsilon": lambda p: Adam(p, lr=0.1, betas=(0.0, 0.99), eps=1e-3),
    "adamw": lambda p: AdamW(p, lr=0.1, weight_decay=0.3),
}


def trajectory(make):
    w = torch.tensor(START, requires_grad=True)
    optimizer = make([w])
    a, b = torch.tensor(SLOPE), torch.tensor(PULL)
    steps = []
    for _ in range(10):
        optimizer.zero_grad()
        ((a * w * w) / 2 - b * w).sum().backward()
        optimizer.step()
        steps.append([float(f"{v:.8g}") for v in w.tolist()])
    return steps


def clipped(max_norm):
    parts = [torch.tensor([3.0, -4.0]), torch.tensor([[12.0], [0.5]])]
    parameters = [torch.zeros_like(part, requires_grad=True) for part in parts]
    for parameter, part in zip(parameters, parts):
        parameter.grad = part.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return {"maxNorm": max_norm, "norm": norm.item(), "gradients": [p.grad.flatten().tolist() for p in parameters]}


def rates(make, count=12):
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    scheduler = make(optimizer)
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    golden = {
        "start": START,
        "slope": SLOPE,
        "pull": PULL,
        "optimizers": {name: trajectory(make) for name, make in OPTIMIZERS.items()},
        "clipped": [clipped(1.0), clipped(100.0)],
        "schedules": {
            "linear": rates(lambda o: LinearLR(o, start_factor=1, end_factor=0.25, total_iters=8)),
            "cosine": rates(lambda o: CosineAnnealingLR(o, T_max=12, eta_min=0.1)),
            "restarts": rates(lambda o: CosineAnnealingWarmRestarts(o, T_0=5, eta_min=0.1)),
            "growing restarts": rates(lambda o: CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2)),
            "warm-up, then linear": rates(
                lambda o: SequentialLR(
                    o,
                    [LinearLR(o, start_factor=0.25, end_factor=1, total_iters=3), LinearLR(o, start_factor=1, end_factor=0, total_iters=8)],
                    milestones=[4],
                )
            ),
        },
    }
    parser.parse_args().out.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
