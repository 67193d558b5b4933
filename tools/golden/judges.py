"""Golden values of corrected rates, by numpy.

    python tools/golden/judges.py > packages/probe/test/golden/judges.json

The rates by the closed form; their intervals by Monte Carlo: sensitivity, specificity and the observed rate are drawn from
Jeffreys posteriors, and the 2.5 % and 97.5 % quantiles of the corrected rate are taken.
"""

import json

import numpy as np

rng = np.random.default_rng(15)
cases = []
for se, sp, n, rate in [
    ((90, 100), (85, 100), 400, 0.3),
    ((45, 50), (40, 50), 200, 0.6),
    ((190, 200), (150, 200), 1000, 0.1),
    ((70, 100), (75, 100), 300, 0.5),
]:
    observed = int(round(n * (rate * se[0] / se[1] + (1 - rate) * (1 - sp[0] / sp[1]))))
    draw = lambda e, t: rng.beta(e + 0.5, t - e + 0.5, 400_000)
    s, c, p = draw(*se), draw(*sp), draw(observed, n)
    corrected = np.clip((p + c - 1) / (s + c - 1), 0, 1)
    low, high = np.quantile(corrected, [0.025, 0.975])
    value = (observed / n + sp[0] / sp[1] - 1) / (se[0] / se[1] + sp[0] / sp[1] - 1)
    cases.append(
        {"sensitivity": se, "specificity": sp, "observed": [observed, n], "value": value, "low": low, "high": high}
    )

print(json.dumps({"rates": cases}))
