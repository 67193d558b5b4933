"""Golden numbers of variances that are shrunk towards a common one, by SciPy in f64 (Smyth 2004, sections 3 and 6.2).

    python tools/golden/between_runs.py --out packages/probe/test/golden
"""

import argparse
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import brentq
from scipy.special import polygamma, psi

SEED = 20261129


def moderated(sample, d):
    logs = np.log(np.maximum(sample, 1e-5 * np.median(sample))) - psi(d / 2) + np.log(d / 2)
    scatter = logs.var(ddof=1) - polygamma(1, d / 2)
    if scatter <= 0:
        return {"variances": [float(np.exp(logs.mean()))] * len(sample), "freedom": None}
    prior = 2 * brentq(lambda x: polygamma(1, x) - scatter, 1e-4, 1e6, xtol=1e-13, rtol=1e-14)
    common = np.exp(logs.mean() + psi(prior / 2) - np.log(prior / 2))
    variances = (prior * common + d * sample) / (prior + d)
    return {"variances": variances.tolist(), "freedom": prior + d}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    draw = np.random.default_rng(SEED)
    x = [0.05, 0.5, 1.0, 1.5, 3.25, 11.9, 12.0, 40.0]
    cases = []
    for n, d, spread in ((40, 1, 5), (30, 3, 8), (25, 4, None)):
        true = 0.04 * (spread / draw.chisquare(spread, n) if spread else np.ones(n))
        sample = np.round(true * draw.chisquare(d, n) / d, 6)
        if spread is None:
            sample = np.round(0.04 + 0.001 * draw.normal(size=n), 6)
        cases.append({"sample": sample.tolist(), "freedom": d, **{"wanted": moderated(sample, d)}})
    golden = {
        "made": {"scipy": scipy.__version__, "numpy": np.__version__, "seed": SEED},
        "polygamma": {"x": x, "digamma": psi(x).tolist(), "trigamma": polygamma(1, x).tolist()},
        "moderated": cases,
    }
    (out / "between-runs.json").write_text(json.dumps(golden) + "\n")


main()
