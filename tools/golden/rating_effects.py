"""Golden values of effects of properties on ratings of single replies, with clustered standard errors, from scikit-learn and NumPy.

python tools/golden/rating_effects.py   (numpy 2.4, scikit-learn 1.9)
writes packages/probe/test/golden/rating-effects.json
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(9)
n, p, groups = 150, 2, 50
group = np.concatenate([np.arange(groups), rng.integers(0, groups, n - groups)])
x = np.round(rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(groups, p))[group], 3)
latent = x @ [0.8, -0.5] + rng.logistic(size=n) + 0.5 * rng.normal(size=groups)[group]


def fitted(rating):
    """Each reply at each bar that its rating may pass: one slope, an intercept per bar, each penalised alike."""
    bars = np.unique(rating)[:-1]
    design = np.vstack(
        [np.hstack([np.tile(np.eye(len(bars))[k], (n, 1)), x]) for k in range(len(bars))]
    )
    passed = np.concatenate([rating > bar for bar in bars]).astype(int)
    of = np.tile(group, len(bars))
    l2 = 1e-3 * len(passed)
    model = LogisticRegression(
        C=1 / l2, fit_intercept=False, solver="newton-cholesky", tol=1e-14, max_iter=500
    ).fit(design, passed)
    w = model.coef_[0]
    chance = 1 / (1 + np.exp(-design @ w))
    hessian = design.T @ (design * (chance * (1 - chance))[:, None]) + l2 * np.eye(len(w))
    score = design * (passed - chance)[:, None]
    meat = sum(np.outer(s, s) for s in (score[of == g].sum(0) for g in range(groups)))
    bread = np.linalg.inv(hessian)
    errors = np.sqrt(np.diag(bread @ meat @ bread * groups / (groups - 1)))
    return {
        "ratings": rating.tolist(),
        "weights": w[len(bars) :].tolist(),
        "errors": errors[len(bars) :].tolist(),
    }


golden = {
    "groups": group.tolist(),
    "x": x.T.tolist(),
    # Wanted or not, most of them wanted; then four levels.
    "labels": fitted((latent > -1).astype(int)),
    "levels": fitted(1 + np.digitize(latent, [-1.2, 0.3, 1.5])),
}
path = Path(__file__).parents[2] / "packages/probe/test/golden/rating-effects.json"
path.write_text(json.dumps(golden) + "\n")
