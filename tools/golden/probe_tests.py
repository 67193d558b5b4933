"""Golden numbers of ranking and calibration measures, BCa and CV+ intervals, permutation tests and the lasso, by scikit-learn and SciPy in f64.

    python tools/golden/probe_tests.py --out packages/probe/test/golden

Every list of inputs stands in the file beside its numbers; for the intervals also the resamples' indices, which SciPy and
Feedprint then share.
"""

import argparse
import json
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.linear_model import Lasso, Ridge
from sklearn.metrics import average_precision_score, brier_score_loss
from sklearn.preprocessing import StandardScaler

SEED = 20261126
RESAMPLES = 99


def rankings(draw):
    rows = []
    for n, levels in ((3, None), (8, 3), (40, None), (60, 5), (200, 12)):
        labels = (draw.uniform(size=n) < 0.3).astype(int)
        labels[:2] = (1, 0)
        scores = labels + draw.normal(size=n)
        scores = np.round(scores * levels / 4) if levels else np.round(scores, 3)
        rows.append({"scores": scores.tolist(), "labels": labels.tolist(),
                     "averagePrecision": average_precision_score(labels, scores)})
    return rows


def calibrations(draw):
    rows = []
    for n, bins in ((5, 10), (60, 10), (300, 7)):
        p = np.round(draw.uniform(size=n) ** 2, 3)
        p[:3] = (0.0, 1.0, 0.5)
        labels = (draw.uniform(size=n) < 0.8 * p + 0.1).astype(int)
        labels[:2] = (0, 1)
        observed, predicted = calibration_curve(labels, p, n_bins=bins)
        rows.append({"probabilities": p.tolist(), "labels": labels.tolist(), "bins": bins,
                     "brier": brier_score_loss(labels, p), "observed": observed.tolist(), "predicted": predicted.tolist()})
    return rows


def intervals(draw):
    def tau(x, y):
        return stats.kendalltau(x, y).statistic

    def pearson(x, y):
        return stats.pearsonr(x, y).statistic

    rows = []
    for name, statistic, n in (("mean", lambda x, _: np.mean(x), 15), ("tau", tau, 12), ("pearson", pearson, 25), ("tau", tau, 40)):
        x = np.round(draw.gamma(2, size=n), 3)
        y = np.round(0.5 * x + draw.normal(size=n), 3)
        indices = draw.integers(0, n, size=(RESAMPLES, n))

        def one(*ids):
            ids = np.asarray(ids[0]).astype(int)
            return statistic(x[ids], y[ids])

        row = {"statistic": name, "x": x.tolist(), "y": y.tolist(), "indices": indices.tolist()}
        for confidence in (0.95, 0.8):
            found = {}
            for method in ("BCa", "percentile"):
                deal = lambda rng, low, high, size: indices.reshape(size)  # noqa: E731
                with mock.patch("scipy.stats._resampling.rng_integers", deal):
                    result = stats.bootstrap((np.arange(n),), one, n_resamples=RESAMPLES, method=method,
                                             confidence_level=confidence, vectorized=False)
                found[method] = list(result.confidence_interval)
            row[str(confidence)] = found
        rows.append(row)
    return rows


def cross_estimates(draw):
    """CV+ (Barber et al. 2021, section 3) written down by its definition: per group, over the groups of the other folds."""
    rows = []
    for group_count, versions, columns, confidence in ((40, 1, 5, 0.9), (30, 3, 8, 0.95)):
        groups = np.repeat(np.arange(group_count), versions)
        n = len(groups)
        x = np.round(draw.normal(size=(n, columns)), 3).astype(np.float32).astype(np.float64)
        y = np.round(3 + x[:, 0] - x[:, 1] + draw.normal(size=n), 3)
        fold_of_group = np.arange(group_count) % 4
        folds = fold_of_group[groups]

        def model(left_out):
            keep = ~np.isin(folds, left_out)
            scaler = StandardScaler().fit(x[keep])
            ridge = Ridge(alpha=1.0, solver="cholesky").fit(scaler.transform(x[keep]), y[keep])
            mean = y[keep].mean()
            return (lambda g: (ridge.predict(scaler.transform(x[groups == g])) - mean).mean()), (lambda g: y[groups == g].mean() - mean)

        estimates, low, high = [], [], []
        for g in range(group_count):
            own = fold_of_group[g]
            estimates.append(model([own])[0](g))
            below, above = [], []
            for i in range(group_count):
                if fold_of_group[i] == own:
                    continue
                predict, target = model([own, fold_of_group[i]])
                residual = abs(target(i) - predict(i))
                below.append(predict(g) - residual)
                above.append(predict(g) + residual)
            m = len(below)
            alpha = 1 - confidence
            low.append(sorted(below)[int(np.floor(alpha * (m + 1) + 1e-9)) - 1])
            high.append(sorted(above)[int(np.ceil((1 - alpha) * (m + 1) - 1e-9)) - 1])
        rows.append({"rows": n, "columns": columns, "x": [float(f"{v:.7g}") for v in x.ravel()], "y": y.tolist(),
                     "groups": groups.tolist(), "folds": folds.tolist(), "groupCount": group_count, "alpha": 1.0,
                     "confidence": confidence, "estimates": estimates, "low": low, "high": high})
    return rows


def permutations(draw):
    rows = []

    def add(kind, samples, statistic, permutation_type):
        row = {"kind": kind, "samples": [s.tolist() for s in samples]}
        for alternative in ("two-sided", "greater", "less"):
            result = stats.permutation_test(samples, statistic, permutation_type=permutation_type, n_resamples=np.inf,
                                            alternative=alternative, vectorized=False)
            row["statistic"] = float(result.statistic)
            row[alternative] = float(result.pvalue)
        rows.append(row)

    for n, m in ((2, 2), (4, 6), (2, 7), (6, 5)):
        a = np.round(draw.normal(size=n) + 0.8, 2)
        b = np.round(draw.normal(size=m), 2)
        add("independent", (a, b), lambda x, y: np.mean(x) - np.mean(y), "independent")
    add("independent", (np.array([1.0, 1, 2]), np.array([1.0, 2, 2, 3])), lambda x, y: np.mean(x) - np.mean(y), "independent")
    for n in (3, 8, 11):
        a = np.round(draw.normal(size=n) + 0.5, 2)
        b = np.round(draw.normal(size=n), 2)
        add("paired", (a, b), lambda x, y: np.mean(x - y), "samples")
    for n, levels in ((3, None), (6, None), (6, 2)):
        x = draw.normal(size=n)
        y = x + draw.normal(size=n)
        if levels:
            x, y = np.round(x * levels), np.round(y * levels)
        x, y = np.round(x, 2), np.round(y, 2)
        row = {"kind": "correlation", "samples": [x.tolist(), y.tolist()]}
        # Pairings permute the first sample of those given.
        for alternative in ("two-sided", "greater", "less"):
            result = stats.permutation_test((y,), lambda other: stats.pearsonr(x, other).statistic, permutation_type="pairings",
                                            n_resamples=np.inf, alternative=alternative, vectorized=False)
            row["statistic"] = float(result.statistic)
            row[alternative] = float(result.pvalue)
        rows.append(row)
    return rows


def lassos(draw):
    rows = []
    for n, columns in ((40, 6), (25, 40)):
        x = np.round(draw.normal(size=(n, columns)) * np.exp(draw.normal(size=columns)), 3).astype(np.float32).astype(np.float64)
        y = np.round(4 + x[:, 0] / x[:, 0].std() - x[:, 1] / x[:, 1].std() + draw.normal(size=n), 3)
        z = StandardScaler().fit_transform(x)
        fits = [Lasso(alpha=alpha, tol=1e-14, max_iter=1_000_000).fit(z, y) for alpha in (0.05, 0.2, 0.8)]
        rows.append({"rows": n, "columns": columns, "x": [float(f"{v:.7g}") for v in x.ravel()], "y": y.tolist(),
                     "fits": [{"alpha": fit.alpha, "weights": fit.coef_.tolist(), "intercept": fit.intercept_} for fit in fits]})
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    warnings.simplefilter("ignore")
    draw = np.random.default_rng(SEED)
    content = {
        "command": "python tools/golden/probe_tests.py --out packages/probe/test/golden",
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "rankings": rankings(draw),
        "calibrations": calibrations(draw),
        "intervals": intervals(draw),
        "permutations": permutations(draw),
        "crossEstimates": cross_estimates(draw),
        "lassos": lassos(draw),
    }
    (out / "tests.json").write_text(json.dumps(content, allow_nan=False) + "\n")


main()
