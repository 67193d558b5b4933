"""Golden values of partial rank correlations, from pingouin.

    pip install pingouin==0.7.0 scipy numpy pandas
    python tools/golden/partial_rank_correlation.py > packages/probe/test/golden/partial-rank-correlation.json

The coefficient is pingouin's (`partial_corr`, method spearman); the interval is Fisher's z with Bonett and Wright's variance, written down here a
second time with scipy's normal quantile.
"""
import json
import numpy as np
import pandas as pd
import pingouin
from scipy.stats import norm

rng = np.random.default_rng(20260101)
cases = []
for n, weight, ties in [(12, 0.5, False), (60, 0.8, True), (200, -0.6, False), (200, 0.0, True)]:
    given = rng.exponential(size=n)
    y = rng.normal(size=n) + 0.5 * given
    x = weight * y + 0.7 * given + rng.normal(size=n)
    if ties:
        x, y, given = np.round(x), np.round(2 * y) / 2, np.round(given, 1)
    x, y, given = (np.round(v, 6) for v in (x, y, given))
    table = pd.DataFrame({"x": x, "y": y, "given": given})
    r = float(pingouin.partial_corr(table, "x", "y", "given", method="spearman")["r"].iloc[0])
    ranks = table.rank().to_numpy()
    inverse = np.linalg.inv(np.corrcoef(ranks.T))
    exact = float(-inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1]))
    assert abs(r - exact) < 1e-4, (r, exact)  # pingouin rounds
    reach = norm.ppf(0.975) * np.sqrt((1 + exact**2 / 2) / (n - 4))
    low, high = np.tanh(np.arctanh(exact) - reach), np.tanh(np.arctanh(exact) + reach)
    cases.append({"x": x.tolist(), "y": y.tolist(), "given": given.tolist(), "value": exact, "low": float(low), "high": float(high)})
print(json.dumps(cases))
