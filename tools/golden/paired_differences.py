"""Golden mean of weighted differences in clusters, with its cluster-robust standard error by statsmodels, and weighted
moments by numpy.

    pip install statsmodels==0.15.0
    python tools/golden/paired_differences.py --out packages/feedback/test/golden/paired-differences.json
"""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from statsmodels.stats.weightstats import DescrStatsW


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    random = np.random.default_rng(5)
    clusters = np.sort(random.integers(0, 12, 40))
    random.shuffle(clusters)
    cases = []
    for weights in (np.ones(40), random.integers(1, 4, 40) / 2):
        values = np.round(random.normal(size=12)[clusters] + random.normal(0.4, 1, 40), 2)
        values[::7] = 0
        fit = sm.WLS(values, np.ones(40), weights=weights).fit(
            cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": True}
        )
        variance = DescrStatsW(values, weights=weights).var * 40 / 39
        cases.append(
            {
                "values": values.tolist(),
                "weights": weights.tolist(),
                "clusters": clusters.tolist(),
                "mean": float(fit.params[0]),
                "standardError": float(fit.bse[0]),
                "sd": float(np.sqrt(variance)),
                "share": float(weights[values != 0].sum() / weights.sum()),
            }
        )
    command = "python tools/golden/paired_differences.py --out packages/feedback/test/golden/paired-differences.json"
    golden = {"command": command, "statsmodels": version("statsmodels"), "cases": cases}
    Path(args.out).write_text(json.dumps(golden, indent=1) + "\n")


main()
