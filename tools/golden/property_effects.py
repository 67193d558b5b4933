"""Golden values of effects of properties with clustered standard errors, from statsmodels, scikit-learn and NumPy.

python tools/golden/property_effects.py   (numpy 2.4, statsmodels 0.14, scikit-learn 1.9)
writes packages/probe/test/golden/property-effects.json
"""

import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(5)
n, p, groups = 120, 3, 40
group = np.concatenate([np.arange(groups), rng.integers(0, groups, n - groups)])
shared = rng.normal(size=(groups, p))[group]
x = np.round(rng.normal(size=(n, p)) + 0.7 * shared, 3)
target = np.round(x @ [1.0, -0.5, 0.0] + rng.normal(size=groups)[group] + rng.normal(size=n), 3)

ols = sm.OLS(target, x).fit(
    cov_type="cluster", cov_kwds={"groups": group, "use_correction": False}
)
small_sample = np.sqrt(groups / (groups - 1))
mean = sm.OLS(target, np.ones(n)).fit(
    cov_type="cluster", cov_kwds={"groups": group, "use_correction": False}
)

weights = np.round(rng.uniform(0.2, 2, n), 2)
ties = (rng.random(n) < 0.2).astype(int)
signs = np.where(rng.random(n) < 1 / (1 + np.exp(-x @ [0.9, -0.6, 0.0])), 1, -1)
compared = np.round(x * signs[:, None], 3)
l2 = 1e-3 * n
# A tie is half a win for either side: two rows of half the weight. Rows and their mirror images double the sums.
rows = np.vstack([compared, compared[ties == 1]])
sides = np.concatenate([np.ones(n), -np.ones(ties.sum())])
counts = np.concatenate([np.where(ties == 1, weights / 2, weights), weights[ties == 1] / 2])
model = LogisticRegression(
    C=1 / (2 * l2), fit_intercept=False, solver="newton-cholesky", tol=1e-14, max_iter=500
).fit(
    np.vstack([rows, -rows]),
    np.concatenate([sides, -sides]),
    sample_weight=np.concatenate([counts, counts]),
)
w = model.coef_[0]
chance = 1 / (1 + np.exp(-compared @ w))
hessian = compared.T @ (compared * (weights * chance * (1 - chance))[:, None]) + l2 * np.eye(p)
label = np.where(ties == 1, 0.5, 1.0)
score = compared * (weights * (label - chance))[:, None]
meat = sum(np.outer(s, s) for s in (score[group == g].sum(0) for g in range(groups)))
sandwich = np.linalg.inv(hessian) @ meat @ np.linalg.inv(hessian) * groups / (groups - 1)

golden = {
    "groups": group.tolist(),
    "x": x.T.tolist(),
    "target": target.tolist(),
    "leastSquares": {
        "weights": ols.params.tolist(),
        "errors": (ols.bse * small_sample).tolist(),
    },
    "mean": {"value": float(mean.params[0]), "error": float(mean.bse[0] * small_sample)},
    "compared": compared.T.tolist(),
    "pairWeights": weights.tolist(),
    "ties": ties.tolist(),
    "labels": {"weights": w.tolist(), "errors": np.sqrt(np.diag(sandwich)).tolist()},
}
path = Path(__file__).parents[2] / "packages/probe/test/golden/property-effects.json"
path.write_text(json.dumps(golden) + "\n")
