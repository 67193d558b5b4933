"""Golden numbers of statistics and probes, by SciPy and scikit-learn in f64.

    python tools/golden/probe_statistics.py --out packages/probe/test/golden

(Not named statistics.py: a script's folder comes first on Python's path, and SciPy's friends import that standard module.)
Every list of inputs stands in the file beside its numbers. Features are rounded to f32 first, as Feedprint holds them.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

SEED = 20261122
ALPHAS = (0.1, 1.0, 30.0)
L2S = (0.1, 1.0, 10.0)
GCV_GRID = [10 ** (i / 2 - 2) for i in range(19)]


def correlations(draw):
    cases = []
    for n, levels in ((3, None), (5, 3), (12, None), (40, 4), (60, None), (200, 9)):
        x = draw.normal(size=n)
        y = 0.6 * x + draw.normal(size=n)
        if levels:
            x = np.round(x * levels / 4)
            y = np.round(y * levels / 4)
        cases.append((np.round(x, 3), np.round(y, 3)))
    cases.append((np.array([1.0, 2, 3, 4]), np.array([-2.0, -4, -6, -8])))
    cases.append((np.array([1.0, 1, 2, 2, 3]), np.array([5.0, 5, 5, 5, 1])))
    rows = []
    for x, y in cases:
        labels = (y > np.median(y)).astype(int)
        kendall = stats.kendalltau(x, y, method="asymptotic")
        rows.append({
            "x": x.tolist(),
            "y": y.tolist(),
            "kendall": {"tau": kendall.statistic, "p": kendall.pvalue},
            "spearman": dict(zip(("r", "p"), stats.spearmanr(x, y))),
            "pearson": dict(zip(("r", "p"), stats.pearsonr(x, y))),
            "labels": labels.tolist(),
            "auroc": roc_auc_score(labels, x) if 0 < labels.sum() < len(labels) else None,
            "medianOfX": np.median(x),
            "medianAbsoluteDeviationOfX": stats.median_abs_deviation(x),
        })
    return rows


def fisher(draw):
    tables = [[[6, 2], [1, 4]], [[8, 2], [1, 5]], [[0, 5], [7, 3]], [[5, 0], [3, 7]], [[0, 0], [4, 9]],
              [[3, 3], [3, 3]], [[120, 900], [40, 1100]], [[2, 31], [136, 15532]],
              [[3000, 47000], [2500, 47500]], [[60, 20], [10, 90]]]
    tables += draw.integers(0, 30, size=(12, 2, 2)).tolist()
    rows = []
    for table in tables:
        odds, p = stats.fisher_exact(table)
        rows.append({
            "table": table,
            "oddsRatio": float(odds) if np.isfinite(odds) else None,
            "p": p,
            "pGreater": stats.fisher_exact(table, alternative="greater").pvalue,
        })
    return rows


def false_discovery(draw):
    lists = [[0.01, 0.04, 0.03, 0.005, 0.5], [1.0], [0.2, 0.2, 0.2], [0.0, 1.0], draw.uniform(size=30).round(4).tolist()]
    return [{"p": p, "q": stats.false_discovery_control(p).tolist()} for p in lists]


def normal():
    x = [-37.0, -20.0, -8.5, -5.0, -3.0001, -3.0, -2.999, -1.96, -0.5, -1e-9, 0.0, 0.1, 1.0, 2.5, 3.0, 3.5, 6.0, 9.0]
    p = [1e-300, 1e-50, 1e-12, 1e-5, 0.001, 0.025, 0.0749, 0.0751, 0.3, 0.5, 0.6, 0.925, 0.975, 0.99999, 1 - 1e-12]
    return {"x": x, "cdf": stats.norm.cdf(x).tolist(), "p": p, "quantile": stats.norm.ppf(p).tolist()}


def gcv(z, y):
    """By the hat matrix itself."""
    n = len(y)
    scores = []
    for alpha in GCV_GRID:
        hat = z @ np.linalg.solve(z.T @ z + alpha * np.eye(z.shape[1]), z.T) + np.ones((n, n)) / n
        residual = y - hat @ y
        scores.append(n * float(residual @ residual) / (n - np.trace(hat)) ** 2)
    return scores


def probes(draw):
    rows = []
    for n, columns in ((40, 6), (18, 30), (12, 12)):
        scales = np.exp(draw.normal(size=columns))
        x = np.round(draw.normal(size=(n, columns)) * scales + draw.normal(size=columns), 3)
        x = x.astype(np.float32).astype(np.float64)
        x[:, 2] = 0.5  # constant
        y = np.round(x[:, 0] / scales[0] - x[:, 1] / scales[1] + draw.normal(size=n), 3)
        labels = (y > np.median(y)).astype(int)
        z = StandardScaler().fit_transform(x)
        ridges = [Ridge(alpha=alpha, solver="cholesky").fit(z, y) for alpha in ALPHAS]
        logistics = [
            LogisticRegression(C=1 / l2, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(z, labels) for l2 in L2S
        ]
        scores = gcv(z, y)
        rows.append({
            "rows": n,
            "columns": columns,
            "x": [float(f"{v:.7g}") for v in x.ravel()],
            "y": y.tolist(),
            "labels": labels.tolist(),
            "ridge": [
                {"alpha": alpha, "weights": fit.coef_.tolist(), "intercept": fit.intercept_, "predictions": fit.predict(z).tolist()}
                for alpha, fit in zip(ALPHAS, ridges)
            ],
            "gcv": {"alphas": GCV_GRID, "scores": scores, "alpha": GCV_GRID[int(np.argmin(scores))]},
            "logistic": [
                {"l2": l2, "weights": fit.coef_[0].tolist(), "intercept": fit.intercept_[0],
                 "logOdds": fit.decision_function(z).tolist()}
                for l2, fit in zip(L2S, logistics)
            ],
        })
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    warnings.simplefilter("ignore")
    draw = np.random.default_rng(SEED)
    head = {
        "command": "python tools/golden/probe_statistics.py --out packages/probe/test/golden",
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    }
    files = {
        "statistics.json": {
            "correlations": correlations(draw),
            "fisherExact": fisher(draw),
            "benjaminiHochberg": false_discovery(draw),
            "normal": normal(),
        },
        "probes.json": {"cases": probes(draw)},
    }
    for name, content in files.items():
        (out / name).write_text(json.dumps({**head, **content}, allow_nan=False) + "\n")


main()
