"""Golden numbers of SAE reconstruction metrics, by scikit-learn and numpy in f64 on f32 data.

    python tools/golden/sae_metrics.py --out packages/sae/test/golden/metrics.json

Cases: plain rows; a mean of 10,000 beside a standard deviation of 1; dimensions of different sizes, one of them constant.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import r2_score

ROWS, WIDTH = 16, 5


def case(name, x, y):
    x, y = x.astype(np.float32).astype(np.float64), y.astype(np.float32).astype(np.float64)
    norms = np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1)
    inner = (x * y).sum(axis=1)
    return {
        "name": name,
        "x": x.ravel().tolist(),
        "y": y.ravel().tolist(),
        # Not r2_score's weighted average: it gives the error of a constant dimension no weight.
        "explainedVariance": float(1 - ((x - y) ** 2).sum() / ((x - x.mean(axis=0)) ** 2).sum()),
        "explainedVariancePerDimension": r2_score(x, y, multioutput="raw_values").tolist(),
        "mse": float(((x - y) ** 2).sum(axis=1).mean()),
        "cosine": float((inner / (norms[0] * norms[1])).mean()),
        "l2Ratio": float((norms[1] / norms[0]).mean()),
        "relativeReconstructionBias": float((norms[1] ** 2).mean() / inner.mean()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    random = np.random.default_rng(20261122)
    x = random.normal(size=(ROWS, WIDTH))
    y = 0.8 * x + 0.3 * random.normal(size=x.shape)
    sizes = np.array([1e-3, 1, 50, 0, 2])
    cases = [
        case("plain", x, y),
        case("far from zero", x + 1e4, y + 1e4),
        case("sizes", x * sizes + sizes + 7 * (sizes == 0), y * sizes + sizes + 6 * (sizes == 0)),
    ]
    out.write_text(json.dumps({"rows": ROWS, "width": WIDTH, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
