"""Golden numbers of the drift of a vocabulary (scikit-learn) and of Student's t (SciPy).

    python tools/golden/vocabulary_drift.py > packages/probe/test/golden/vocabulary-drift.json

Rows and log-ratios are formulas, so that the file holds outputs alone.
"""

import json

import numpy as np
import scipy
import sklearn
from scipy.stats import t
from sklearn.linear_model import Ridge

PENALTY, RARE, WORDS = 0.03, 50.0, 7


def rows(count, width, phase):
    i, j = np.arange(count)[:, None], np.arange(width)[None, :]
    return np.sin(phase + 3.7 * i + 1.3 * j * j + 0.01 * i * j).astype(np.float32).astype(float)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def drift(tokens, width):
    x, words = unit(rows(tokens, width, 0.5)), unit(rows(WORDS, width, 2.0))
    i = np.arange(tokens)
    counts, ratios = 2 + (i * 37) % 400, np.cos(1.1 * i) + x[:, 0]
    weights = counts / (counts + RARE)
    fit = Ridge(alpha=PENALTY * weights.sum() / width, tol=1e-12).fit(x, ratios, sample_weight=weights)
    return fit.predict(words).tolist()


points = [[-6.5, 8], [-1.3, 8], [0, 8], [0.7, 8], [2.5, 8], [12, 8], [1.5, 3], [-40, 3]]
print(
    json.dumps(
        {
            "command": "python tools/golden/vocabulary_drift.py > packages/probe/test/golden/vocabulary-drift.json",
            "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
            "cases": [{"tokens": n, "width": d, "drift": drift(n, d)} for n, d in [(120, 10), (60, 90)]],
            "student": [{"t": x, "nu": nu, "cdf": t.cdf(x, nu)} for x, nu in points],
            "quantiles": [{"p": p, "nu": nu, "t": t.ppf(p, nu)} for p, nu in [[0.9, 8], [0.025, 8], [0.999, 3]]],
        },
        allow_nan=False,
    )
)
