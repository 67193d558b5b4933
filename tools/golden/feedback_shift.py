"""Golden values of the shift along the feedback and of shares of it.

    pip install numpy==2.4.6 scipy==1.17.1
    python tools/golden/feedback_shift.py > packages/probe/test/golden/feedback-shift.json

The slope is numpy's weighted polynomial fit; each text's influence on it, a central difference by the text's weight; intervals are
scipy's BCa bootstrap over texts, drawn together for all models, with many resamples.
"""
import json
import numpy as np
from scipy.stats import bootstrap

rng = np.random.default_rng(20261129)
texts, words = 40, 12
stated = np.round(rng.normal(size=words), 3)
lengths = rng.integers(20, 200, size=texts)
base = rng.gamma(2.0, size=(texts, words)) * lengths[:, None] * rng.exponential(0.02, size=words)
effect = 0.6 * stated + 0.2 * rng.normal(size=words)
noise = lambda: np.exp(0.3 * rng.normal(size=(texts, words)))
tuned = base * np.exp(effect) * noise()
edited = base * np.exp(0.4 * effect) * noise()
base, tuned, edited = (m.astype(np.float32).astype(np.float64) for m in (base, tuned, edited))


def slope(counts, weight=np.ones(texts)):
    n = base.sum(0)
    w = n / (n + 50)
    ratio = np.log(weight @ counts) - np.log(weight @ base)
    return np.polyfit(stated, ratio, 1, w=np.sqrt(w))[0]


def parts(counts):
    step = 1e-6
    unit = np.eye(texts)
    influence = np.array([(slope(counts, 1 + step * e) - slope(counts, 1 - step * e)) / (2 * step) for e in unit])
    return slope(counts) / texts + influence


def interval(statistic, data):
    found = bootstrap(data, statistic, paired=True, vectorized=True, n_resamples=40_000, batch=4000, method="BCa", rng=rng)
    return [float(found.confidence_interval.low), float(found.confidence_interval.high)]


share = lambda a, b, e, axis=-1: (e.sum(axis) - a.sum(axis)) / (b.sum(axis) - a.sum(axis))
shift = lambda a, b, n, axis=-1: (b.sum(axis) - a.sum(axis)) / n.sum(axis)
value = {name: m @ stated for name, m in (("base", base), ("tuned", tuned), ("edited", edited))}
slopes = {name: parts(m) for name, m in (("base", base), ("tuned", tuned), ("edited", edited))}
out = {
    "stated": stated.tolist(),
    "contexts": lengths.tolist(),
    "counts": {"base": base.tolist(), "tuned": tuned.tolist(), "edited": edited.tolist()},
    "expected": {name: v.tolist() for name, v in value.items()},
    "slope": {name: {"value": slope(m), "parts": slopes[name].tolist()} for name, m in (("tuned", tuned), ("edited", edited))},
    "shift": {"value": shift(value["base"], value["tuned"], lengths), "interval": interval(shift, (value["base"], value["tuned"], lengths))},
    "shares": {
        "expected": {"value": share(*value.values()), "interval": interval(share, tuple(value.values()))},
        "slope": {"value": share(*slopes.values()), "interval": interval(share, tuple(slopes.values()))},
    },
}
print(json.dumps(out))
