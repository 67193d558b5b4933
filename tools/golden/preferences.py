"""Golden values of regressions on differences of replies, from scikit-learn and NumPy.

python tools/golden/preferences.py   (numpy 2.4, scikit-learn 1.9) writes packages/probe/test/golden/preferences.json
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

rng = np.random.default_rng(11)
n, p = 90, 7
x = rng.poisson(0.7, (n, p)) - rng.poisson(0.7, (n, p))
weights = np.array([1.2, -0.8, 0.5, 0.0, 0.3, -1.5, 0.0])
signs = np.where(rng.random(n) < 1 / (1 + np.exp(-x @ weights)), 1, -1)
margin = x @ (0.7 * weights) + rng.normal(0, 0.6, n)


def bradley_terry(l2, signs):
    """Each pair twice, once with its sides exchanged: the sums double, and so does the penalty."""
    doubled = np.vstack([x, -x])
    labels = np.concatenate([signs, -signs])
    model = LogisticRegression(
        C=1 / (2 * l2), fit_intercept=False, solver="newton-cholesky", tol=1e-14, max_iter=200
    )
    w = model.fit(doubled, labels).coef_[0]
    chance = model.predict_proba(doubled)[:n, 1]
    hessian = x.T @ (x * (chance * (1 - chance))[:, None]) + l2 * np.eye(p)
    return {"weights": w.tolist(), "errors": np.sqrt(np.diag(np.linalg.inv(hessian))).tolist()}


def ridge(l2):
    w = Ridge(alpha=l2, fit_intercept=False, solver="svd").fit(x, margin).coef_
    inverse = np.linalg.inv(x.T @ x + l2 * np.eye(p))
    freedom = np.trace(inverse @ x.T @ x)
    variance = ((margin - x @ w) ** 2).sum() / (n - freedom)
    return {"weights": w.tolist(), "errors": np.sqrt(variance * np.diag(inverse)).tolist()}


golden = {
    "x": x.tolist(),
    "signs": signs.tolist(),
    "margin": margin.tolist(),
    "bradleyTerry": [
        {"l2": l2, **bradley_terry(l2, signs)}
        for l2 in (0.5, 5.0)
    ],
    "ridge": [{"l2": l2, **ridge(l2)} for l2 in (0.1, 3.0)],
}
target = Path(__file__).parents[2] / "packages/probe/test/golden/preferences.json"
target.write_text(json.dumps(golden) + "\n")
