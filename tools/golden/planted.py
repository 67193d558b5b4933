"""Golden numbers of the benchmark on planted pairs, by SciPy and NumPy in f64: Wilson's intervals, and the standard error of a log-rate ratio against
the spread of the ratio over resampled texts.

    python tools/golden/planted.py --out packages/probe/test/golden
"""

import argparse
import json
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

SEED = 20261129
SHARES = ((0, 1), (0, 24), (1, 1), (1, 20), (2, 42), (5, 100), (12, 12), (97, 339), (499, 500))


def shares():
    rows = []
    for events, trials in SHARES:
        interval = stats.binomtest(events, trials).proportion_ci(0.95, method="wilson")
        rows.append({"events": events, "trials": trials, "low": interval.low, "high": interval.high})
    return rows


def changes(draw):
    rows = []
    for after_rate, before_rate, burst in ((0.5, 0.3, 1), (0.05, 0.08, 1), (0.2, 0.2, 3)):
        samples = [burst * draw.poisson(rate / burst, size=2000) for rate in (after_rate, before_rate)]
        ratio = lambda a, b: np.log((a.sum() + 0.5) / (b.sum() + 0.5))
        resampled = [ratio(*(s[draw.integers(0, len(s), len(s))] for s in samples)) for _ in range(4000)]
        after, before = ({"count": int(s.sum()), "squares": int((s**2).sum()), "texts": len(s), "tokens": 40 * len(s)} for s in samples)
        rows.append({"after": after, "before": before, "logRateRatio": ratio(*samples), "bootstrap": float(np.std(resampled))})
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    golden = {
        "command": "python tools/golden/planted.py --out packages/probe/test/golden",
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
        "shares": shares(),
        "changes": changes(np.random.default_rng(SEED)),
    }
    (out / "planted.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
