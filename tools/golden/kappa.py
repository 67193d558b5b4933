"""Golden values of Cohen's kappa by scikit-learn.

    python tools/golden/kappa.py --out packages/probe/test/golden/kappa.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import cohen_kappa_score


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    draw = np.random.default_rng(11)
    cases = []
    for categories, n, same in ((2, 30, 0.9), (2, 12, 0.5), (3, 40, 0.7), (5, 25, 0.0), (2, 8, 1.0)):
        first = draw.integers(0, categories, n)
        second = np.where(draw.random(n) < same, first, draw.integers(0, categories, n))
        kappa = float(cohen_kappa_score(first, second))
        cases.append({"first": first.tolist(), "second": second.tolist(), "kappa": kappa})
    golden = {
        "command": "python tools/golden/kappa.py --out packages/probe/test/golden/kappa.json",
        "scikit-learn": sklearn.__version__,
        "cases": cases,
    }
    Path(out).write_text(json.dumps(golden) + "\n")


main()
