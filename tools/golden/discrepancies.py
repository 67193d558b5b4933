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
from scipy.stats import false_discovery_control, norm

HUBER = 1.345
RARE = 50.0
REFERENCE = 20.0
RATE = 0.05
Z95 = 1.959963984540054
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


def discrepancies(stated, estimate, standard_error, expected_count):
    l = np.log(expected_count / REFERENCE)
    inflation = 1 + RARE / expected_count
    terms = np.stack([np.ones_like(l), stated, stated * l, l], axis=1)
    root = np.sqrt(inflation)
    coefficients, scale = robust_regression(terms / root[:, None], estimate / root)
    sigma = np.sqrt(scale**2 * inflation + standard_error**2)
    score = -np.sign(stated) * (estimate - terms @ coefficients) / sigma
    p = norm.sf(score)
    q = false_discovery_control(p, method="bh")
    neutral = coefficients[0] + coefficients[3] * l
    against = -np.sign(stated) * (estimate - neutral)
    return {
        "coefficients": coefficients.tolist(),
        "scale": scale,
        "score": score.tolist(),
        "p": p.tolist(),
        "q": q.tolist(),
        "flagged": np.flatnonzero((q <= RATE) & (against - Z95 * standard_error > 0)).tolist(),
    }


def rounded(values):
    return [float(f"{value:.{DIGITS}g}") for value in values]


def drawn(draw, words, counts, noise):
    stated = np.round(draw.uniform(0.3, 3, words), 1) * draw.choice([-1, 1], words)
    l = np.log(counts / REFERENCE)
    learned = np.where(np.arange(words) % 15 == 7, -stated, stated)
    standard_error = draw.uniform(0.002, 0.05, words)
    estimate = -0.2 + 0.3 * learned + 0.05 * learned * l + 0.1 * l + noise * np.sqrt(1 + RARE / counts) * draw.standard_t(3, words)
    return {
        "stated": rounded(stated),
        "estimate": rounded(estimate),
        "standardError": rounded(standard_error),
        "expectedCount": rounded(counts),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    draw = np.random.default_rng(SEED)
    inputs = {
        "measured on a planted pair": json.loads(path.read_text())["cases"][0]["input"],
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
