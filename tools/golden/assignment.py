"""Golden totals of linear sum assignments, by scipy.

    python tools/golden/assignment.py --out packages/sae/test/golden/assignment.json

Costs are whole numbers, so that totals are exact: random ones, few different ones (ties), equal ones, equal rows,
negative ones, products (the hard case for shortest paths) and prices that all rows share.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    random = np.random.default_rng(20261122)
    matrices = {
        "random": random.integers(0, 1000, (12, 19)),
        "random square": random.integers(0, 1000, (15, 15)),
        "ties": random.integers(0, 3, (14, 16)),
        "equal": np.full((9, 12), 7),
        "equal rows": np.repeat(random.integers(0, 50, (4, 15)), 3, axis=0),
        "negative": random.integers(-1000, 1000, (13, 13)),
        "products": np.outer(np.arange(1, 17), np.arange(1, 17)),
        "shared prices": random.integers(0, 900, (1, 22)) + random.integers(0, 9, (12, 22)),
        "one row": random.integers(-9, 9, (1, 6)),
        "one": np.array([[3]]),
    }
    cases = []
    for name, cost in matrices.items():
        total = int(cost[linear_sum_assignment(cost)].sum())
        cases.append({"name": name, "shape": cost.shape, "cost": cost.ravel().tolist(), "total": total})
    out.write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
