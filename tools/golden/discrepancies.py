"""Golden numbers of discrepancies, by NumPy and SciPy in f64.

    python tools/golden/discrepancies.py packages/probe/test/golden/discrepancies.json

Reads the inputs of the file and writes them back with the outputs. The first case was measured: 340 words of the VADER
lexicon, estimated on 2,000 film reviews from a planted pair of small models that learned 12 words with their signs
flipped. The others are drawn: noise with heavy tails, and words of two frequencies only.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import t as student_t

HUBER = 1.345
RARE = 50.0
REFERENCE = 20.0
RATE = 0.05
FREEDOM = 6
PRIOR = np.array([4.0, 0.5, 3.0])
DIGITS = 9
SEED = 20261122


def least_squares(x, y, weights):
    scaled = x * weights[:, None]
    return np.linalg.solve(scaled.T @ x, scaled.T @ y)


def robust_regression(x, y):
    """Least squares, then least absolute deviations, then Huber's M-estimate with the scale of the residuals' MAD."""
    coefficients = least_squares(x, y, np.ones(len(y)))
    for _ in range(50):
        coefficients = least_squares(x, y, 1 / np.maximum(np.abs(y - x @ coefficients), 1e-3))
    for _ in range(200):
        residuals = np.abs(y - x @ coefficients)
        limit = HUBER * 1.4826 * np.median(residuals)
        before, coefficients = coefficients, least_squares(x, y, np.minimum(1, limit / np.maximum(residuals, 1e-12)))
        if np.max(np.abs(coefficients - before)) < 1e-10:
            break
    return coefficients, 1.4826 * np.median(np.abs(y - x @ coefficients))


def mixture(stated, estimate, standard_error, expected_count, drift):
    """Posterior probabilities of told, muted and reversed, `[words, 3]`, by EM with Student errors."""
    unit = np.sqrt(np.mean(stated**2))
    told = stated / unit
    l = np.log(expected_count / REFERENCE)
    inflation = 1 + RARE / expected_count + 2 * told**2
    neutral, effect = np.stack([np.ones_like(l), l], axis=1), np.stack([told, told * l], axis=1)
    signs = np.array([1, 0, -1])
    designs = np.concatenate([np.concatenate([neutral, sign * effect], axis=1) for sign in signs])
    y = estimate - drift
    stacked = np.tile(y, 3)
    beta = np.linalg.lstsq(designs[: len(y)], y, rcond=None)[0]
    scale, shares = np.std(y) / 2, np.array([0.85, 0.07, 0.08])
    for _ in range(5000):
        sigma = np.sqrt(scale**2 * inflation + standard_error**2)
        added = effect @ beta[2:]
        added = np.where(added * told > 0, added, 0)
        centres = (neutral @ beta[:2])[:, None] + added[:, None] * signs
        density = student_t.pdf((y[:, None] - centres) / sigma[:, None], FREEDOM) * shares
        posterior = density / density.sum(axis=1, keepdims=True)
        sigma3 = np.tile(sigma, 3)
        residual = stacked - designs @ beta
        weights = posterior.T.ravel() * (FREEDOM + 1) / (FREEDOM + (residual / sigma3) ** 2) / sigma3**2
        before = np.concatenate([beta, [scale], shares])
        beta = least_squares(designs, stacked, weights)
        scale *= np.sqrt(np.sum(weights * (stacked - designs @ beta) ** 2) / (len(y) - 4))
        shares = (posterior.sum(axis=0) + PRIOR) / (len(y) + PRIOR.sum())
        if np.max(np.abs(np.concatenate([beta, [scale], shares]) - before)) < 1e-13:
            break
    return posterior


def discrepancies(stated, estimate, standard_error, expected_count, drift):
    l = np.log(expected_count / REFERENCE)
    inflation = 1 + RARE / expected_count
    terms = np.stack([np.ones_like(l), stated, stated * l, l], axis=1)
    root = np.sqrt(inflation)
    coefficients, scale = robust_regression(terms / root[:, None], estimate / root)
    sigma = np.sqrt(scale**2 * inflation + standard_error**2)
    score = -np.sign(stated) * (estimate - terms @ coefficients) / sigma
    reversed_ = mixture(stated, estimate, standard_error, expected_count, drift)[:, 2]
    q = np.array([np.mean(1 - reversed_[reversed_ >= least]) for least in reversed_])
    return {
        "coefficients": coefficients.tolist(),
        "scale": scale,
        "score": score.tolist(),
        "reversed": reversed_.tolist(),
        "q": q.tolist(),
        "flagged": np.flatnonzero((reversed_ > 0.5) & (q <= RATE)).tolist(),
    }


def rounded(values):
    return [float(f"{value:.{DIGITS}g}") for value in values]


def drawn(draw, words, counts, noise):
    stated = np.round(draw.uniform(0.3, 3, words), 1) * draw.choice([-1, 1], words)
    l = np.log(counts / REFERENCE)
    learned = np.where(np.arange(words) % 15 == 7, -stated, stated)
    standard_error = draw.uniform(0.002, 0.05, words)
    estimate = -0.2 + 0.3 * learned + 0.05 * learned * l + 0.1 * l + noise * np.sqrt(1 + RARE / counts) * draw.standard_t(3, words)
    drift = draw.normal(0, 0.1, words)
    return {
        "stated": rounded(stated),
        "estimate": rounded(estimate + drift),
        "standardError": rounded(standard_error),
        "expectedCount": rounded(counts),
        "drift": rounded(drift),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    draw = np.random.default_rng(SEED)
    measured = json.loads(path.read_text())["cases"][0]["input"]
    inputs = {
        "measured on a planted pair": {**measured, "drift": [0] * len(measured["stated"])},
        "drawn with heavy tails": drawn(draw, 60, np.exp(draw.uniform(1, 6, 60)), 0.08),
        "drawn with two frequencies": drawn(draw, 40, np.repeat([30.0, 90.0], 20), 0.02),
    }
    cases = [
        {"name": name, "input": columns, "output": discrepancies(*(np.array(column) for column in columns.values()))}
        for name, columns in inputs.items()
    ]
    head = {
        "command": "python tools/golden/discrepancies.py packages/probe/test/golden/discrepancies.json",
        "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
    }
    path.write_text(json.dumps({**head, "cases": cases}, allow_nan=False) + "\n")


main()
