"""Golden distances and linear CKA of small matrices, by NumPy in f64 with the n x n Gram matrices of Kornblith et al. 2019.

    python tools/golden/cka.py --out packages/activations/test/golden/cka.json

CKA(K, L) = HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) with K = X X', L = Y Y', HSIC(K, L) = trace(K H L H) / (n - 1)^2.
"""

import argparse
import json
from pathlib import Path

import numpy as np


def hsic(k, l):
    n = len(k)
    h = np.eye(n) - np.ones((n, n)) / n
    return np.trace(k @ h @ l @ h) / (n - 1) ** 2


def linear_cka(x, y):
    # Centred twice: H loses digits where the rows stand far from 0.
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    k, l = x @ x.T, y @ y.T
    return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))


def case(name, x, y):
    x, y = x.astype(np.float32), y.astype(np.float32)
    a, b = x.astype(np.float64), y.astype(np.float64)
    found = {"name": name, "x": x.tolist(), "y": y.tolist(), "cka": linear_cka(a, b)}
    if x.shape == y.shape:
        norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        found |= {
            "meanL2": np.linalg.norm(a - b, axis=1).mean(),
            "relativeL2": np.linalg.norm(a - b) / np.linalg.norm(a),
            "meanCosine": ((a * b).sum(axis=1) / norms).mean(),
        }
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, help="JSON file to write")
    options = parser.parse_args()
    draw = np.random.default_rng(20261122)

    def normal(*shape):
        return np.round(draw.normal(size=shape) * 64) / 64

    x = normal(20, 5)
    cases = [
        case("nearly the same", x, x + normal(20, 5) / 8),
        case("unrelated", x, normal(20, 5)),
        case("other widths", x, np.round(x @ normal(5, 7) * 64) / 64 + normal(20, 7)),
        case("fewer rows than units", normal(6, 9), normal(6, 9)),
        case("far from 0", x + 1000, x[:, ::-1] - 2000 + normal(20, 5) / 4),
    ]
    command = f"python tools/golden/cka.py --out {options.out}"
    lines = ["{", f' "command": {json.dumps(command)},', f' "made_with": {json.dumps({"numpy": np.__version__})},', ' "cases": [']
    lines += [",\n".join("  " + json.dumps(c) for c in cases), " ]", "}"]
    out = Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
