"""Golden values of Cohen's kappa by scikit-learn and of Fleiss' kappa by statsmodels.

    python tools/golden/kappa.py --out packages/probe/test/golden/kappa.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import sklearn
import statsmodels
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa


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
    several = []
    for raters, categories, n, same in ((2, 2, 30, 0.8), (3, 5, 40, 0.6), (4, 3, 25, 0.0), (5, 2, 12, 0.9)):
        truth = draw.integers(0, categories, n)
        said = [np.where(draw.random(n) < same, truth, draw.integers(0, categories, n)) for _ in range(raters)]
        counts, _ = aggregate_raters(np.array(said).T)
        several.append({"annotations": [one.tolist() for one in said], "kappa": float(fleiss_kappa(counts, "fleiss"))})
    golden = {
        "command": "python tools/golden/kappa.py --out packages/probe/test/golden/kappa.json",
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "cases": cases,
        "several": several,
    }
    Path(out).write_text(json.dumps(golden) + "\n")


main()
