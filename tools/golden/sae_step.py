"""Golden numbers of SAE training steps of every kind, by PyTorch's autograd in f64: each step's metrics, the weights after the first and the last.

    python tools/golden/sae_step.py --out packages/sae/test/golden/sae-step.json

Losses are written as the papers state them; nothing is shared with the package but the settings and the numbers to start from. The last
two features begin with short encoder vectors, so that they are silent, count as dead after two steps and are taught by the auxiliary loss.
"""

import argparse
import json
import math
from pathlib import Path

import torch

D_IN, D_SAE, ROWS, STEPS = 6, 8, 8, 5
LEARNING_RATE = 0.02
SPARSITY = [0.5, 1, 1, 1, 1]
COMMON = {"tokens": ROWS * STEPS, "batchRows": ROWS, "deadTokens": 2 * ROWS, "auxCoefficient": 0.5, "auxK": 3}
RUNS = {
    "tied": {"kind": "tied", "l1": 0.3},
    "tied, l1 per dimension": {"kind": "tied", "l1": 0.05, "l1Per": "dimension"},
    "relu": {"kind": "relu", "l1": 0.3},
    "relu with AdamW, clipped": {"kind": "relu", "l1": 0.3, "optimizer": "adamw", "beta1": 0.8, "beta2": 0.99, "weightDecay": 0.1, "clipNorm": 1},
    "relu with SGD": {"kind": "relu", "l1": 0.3, "optimizer": "sgd", "beta1": 0.5},
    "gated": {"kind": "gated", "l1": 0.2},
    "topk": {"kind": "topk", "k": 2, "auxK": 1},
    "topk without AuxK": {"kind": "topk", "k": 3, "auxCoefficient": 0},
    "batchtopk": {"kind": "batchtopk", "k": 2},
    "jumprelu": {"kind": "jumprelu", "l0": 0.4, "bandwidth": 0.5, "threshold": 0.4, "preAct": 0.3},
    "matryoshka": {"kind": "matryoshka", "k": 2, "widths": [0.25, 0.5, 1]},
    "crosscoder": {"kind": "crosscoder", "k": 2, "models": 2},
}


def rounded(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


def rectangle(u):
    return (u.abs() < 0.5).to(u)


class Step(torch.autograd.Function):
    """H(z - theta), with the straight-through estimator of its derivative by theta."""

    @staticmethod
    def forward(ctx, z, theta, bandwidth):
        ctx.save_for_backward(z, theta)
        ctx.bandwidth = bandwidth
        return (z > theta).to(z)

    @staticmethod
    def backward(ctx, g):
        z, theta = ctx.saved_tensors
        return None, (-g / ctx.bandwidth * rectangle((z - theta) / ctx.bandwidth)).sum(0), None


class JumpReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, theta, bandwidth):
        ctx.save_for_backward(z, theta)
        ctx.bandwidth = bandwidth
        return z * (z > theta)

    @staticmethod
    def backward(ctx, g):
        z, theta = ctx.saved_tensors
        slope = -theta / ctx.bandwidth * rectangle((z - theta) / ctx.bandwidth)
        return g * (z > theta), (g * slope).sum(0), None


def largest(values, count):
    """The `count` largest along the last axis, where they are."""
    top = values.topk(count, dim=-1)
    return torch.zeros_like(values).scatter(-1, top.indices, torch.ones_like(top.values))


class Run:
    def __init__(self, settings, initial):
        self.s = {"l1": 0, "l1Per": "row", "optimizer": "adam", "beta1": 0.9, "beta2": 0.999, "clipNorm": None, **COMMON, **settings}
        self.kind = self.s["kind"]
        start = {name: value.double() for name, value in initial.items()}
        if self.kind == "tied":
            del start["wEnc"]
        if self.kind == "gated":
            start |= {"bGate": torch.zeros(D_SAE).double(), "rMag": torch.zeros(D_SAE).double()}
        if self.kind == "jumprelu":
            start["logThreshold"] = torch.full((D_SAE,), math.log(self.s["threshold"])).double()
        self.w = {name: value.clone().requires_grad_() for name, value in start.items()}
        self.silent = torch.zeros(D_SAE).double()
        self.threshold = -1.0
        betas = (self.s["beta1"], self.s["beta2"])
        self.optimiser = {
            "adam": lambda p: torch.optim.Adam(p, lr=LEARNING_RATE, betas=betas),
            "adamw": lambda p: torch.optim.AdamW(p, lr=LEARNING_RATE, betas=betas, weight_decay=self.s.get("weightDecay", 0)),
            "sgd": lambda p: torch.optim.SGD(p, lr=LEARNING_RATE, momentum=self.s["beta1"]),
        }[self.s["optimizer"]](list(self.w.values()))

    def lengths(self):
        return self.w["wDec"].detach().reshape(D_SAE, self.s["models"], -1).norm(dim=2).sum(1)

    def features(self, x):
        """Features and pre-activations, all dense."""
        w, k = self.w, self.s.get("k", 0)
        w_enc = w["wDec"] if self.kind == "tied" else w["wEnc"]
        centred = x if self.kind == "tied" else x - w["bDec"]
        pre = centred @ w_enc.T + w["bEnc"]
        if self.kind in ("tied", "relu"):
            return torch.relu(pre), pre
        if self.kind == "gated":
            gate = centred @ w_enc.T + w["bGate"]
            magnitude = centred @ (w_enc * w["rMag"].exp()[:, None]).T + w["bEnc"]
            return (gate > 0) * torch.relu(magnitude), gate
        if self.kind == "jumprelu":
            return JumpReLU.apply(pre, w["logThreshold"].exp(), self.s["bandwidth"]), pre
        if self.kind == "topk":
            return largest(pre, k) * torch.relu(pre), pre
        score = pre * self.lengths() if self.kind == "crosscoder" else pre
        kept = largest(torch.relu(score).flatten(), k * ROWS).reshape(pre.shape) * torch.relu(pre)
        with torch.no_grad():
            least = torch.relu(score)[kept > 0].min().item()
            rate = min(1, max(0.01, 10 * self.s["batchRows"] / self.s["tokens"]))
            self.threshold = least if self.threshold < 0 else (1 - rate) * self.threshold + rate * least
        return kept, pre

    def aux(self, x, reconstruction, pre):
        dead = self.silent >= self.s["deadTokens"]
        count, asked = int(dead.sum()), self.s["auxK"]
        if count == 0 or self.s["auxCoefficient"] == 0:
            return 0
        rank = pre * self.lengths() if self.kind == "crosscoder" else pre
        chosen = largest(rank.masked_fill(~dead, -math.inf), min(asked, count))
        rest = (x - reconstruction).detach()
        error = ((chosen * torch.relu(pre) @ self.w["wDec"] - rest) ** 2).sum(1).mean()
        return self.s["auxCoefficient"] * min(count / asked, 1) * error

    def step(self, x, sparsity):
        x = x.double()
        w, s = self.w, self.s
        z, pre = self.features(x)
        reconstruction = z @ w["wDec"] + w["bDec"]
        mse = ((reconstruction - x) ** 2).sum(1).mean()
        l1 = sparsity * s["l1"] * (D_IN if s["l1Per"] == "dimension" else 1)
        if self.kind in ("tied", "relu"):
            loss = mse + l1 * z.abs().sum(1).mean()
        elif self.kind == "gated":
            gates = torch.relu(pre)
            frozen = gates @ w["wDec"].detach() + w["bDec"].detach()
            loss = mse + l1 * gates.abs().sum(1).mean() + ((frozen - x) ** 2).sum(1).mean()
        elif self.kind == "jumprelu":
            threshold = w["logThreshold"].exp()
            loss = mse + sparsity * s["l0"] * Step.apply(pre, threshold, s["bandwidth"]).sum(1).mean()
            dead = (self.silent >= s["deadTokens"]).double()
            if dead.any():
                loss = loss + s["preAct"] * (torch.relu(threshold - pre) * dead).sum(1).mean()
        elif self.kind == "matryoshka":
            widths = [round(share * D_SAE) for share in s["widths"]]
            parts = [((z[:, :n] @ w["wDec"][:n] + w["bDec"] - x) ** 2).sum(1).mean() for n in widths]
            loss = sum(parts) + self.aux(x, reconstruction, pre)
        else:
            loss = mse + self.aux(x, reconstruction, pre)
        self.optimiser.zero_grad()
        loss.backward()
        with torch.no_grad():
            w_dec = w["wDec"]
            if self.kind != "crosscoder":
                w_dec.grad -= (w_dec.grad * w_dec).sum(1, keepdim=True) * w_dec
            if s["clipNorm"]:
                torch.nn.utils.clip_grad_norm_(list(w.values()), s["clipNorm"])
            self.optimiser.step()
            if self.kind != "crosscoder":
                w_dec /= w_dec.norm(dim=1, keepdim=True)
            self.silent = torch.where((z > 0).any(0), 0, self.silent + ROWS)
        state = {**w, "silent": self.silent}
        if self.threshold >= 0:
            state["threshold"] = torch.tensor([self.threshold])
        return {
            "loss": loss.item(),
            "mse": mse.item(),
            "l0": (z > 0).double().sum(1).mean().item(),
            "dead": int((self.silent >= s["deadTokens"]).sum()),
            "state": {name: rounded(value) for name, value in state.items()},
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    generator = torch.Generator().manual_seed(20261122)
    normal = lambda *shape: torch.randn(*shape, generator=generator)
    w_dec, w_enc = normal(D_SAE, D_IN), normal(D_SAE, D_IN) * 0.5
    w_enc[-2:] *= 0.1
    initial = {
        "wEnc": w_enc,
        "bEnc": torch.cat([normal(D_SAE - 2) * 0.2, torch.tensor([0.02, 0.01])]),
        "wDec": w_dec / w_dec.norm(dim=1, keepdim=True),
        "bDec": normal(D_IN) * 0.2,
    }
    initial = {name: torch.tensor(rounded(value)).reshape(value.shape) for name, value in initial.items()}
    batches = [torch.tensor(rounded(normal(ROWS, D_IN))).reshape(ROWS, D_IN) for _ in range(STEPS)]
    runs = {}
    for name, settings in RUNS.items():
        run = Run(settings, initial)
        steps = [run.step(x, sparsity) for x, sparsity in zip(batches, SPARSITY)]
        for step in steps[1:-1]:
            del step["state"]
        runs[name] = {"settings": {**COMMON, **settings}, "steps": steps}
    head = {
        "command": f"python tools/golden/sae_step.py --out {options.out}",
        "made_with": {"torch": torch.__version__.split("+")[0]},
        "dIn": D_IN,
        "dSae": D_SAE,
        "learningRate": LEARNING_RATE,
        "sparsity": SPARSITY,
        "initial": {name: rounded(value) for name, value in initial.items()},
        "batches": [rounded(batch) for batch in batches],
    }
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in head.items()]
    written = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in runs.items()]
    lines += [' "runs": {', ",\n".join(written), " }", "}"]
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
