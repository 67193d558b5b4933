import { FeedprintError, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { cholesky, choleskySolve } from '@feedprint/core/linear-algebra';

/** How features carry what tuning changed: a linear map from the features at a position to the shift of what follows. */
export interface Attribution {
  /** Part of each word's mean probability shift that goes with each feature, `[words, features]`. */
  readonly contributions: Matrix;
  /** Share of the variance of the shifts that the features explain. */
  readonly explained: number;
}

/** Penalty on standardised features; small compared with the number of positions. */
const ALPHA = 1;
/**
 * Share of a column's mean square below which its variance may be rounding error, so that the column counts as
 * constant.
 */
const CONSTANT = 1e-8;

/**
 * Attributes shifts to features, by one ridge regression per word, all on the same features: shift_w = a_w + sum_f b_wf
 * z_f. The part of a word's mean shift that goes with feature f is b_wf mean(z_f). Features that never vary carry
 * nothing.
 */
export function attribute(features: Matrix, shift: Matrix): Attribution {
  if (features.rows !== shift.rows || features.rows < 2) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `cannot attribute ${shift.rows} shifts to features at ${features.rows} positions`,
      remedy: 'pass at least two positions, the same ones for both',
    });
  }
  const x = moments(features);
  const y = moments(shift);
  const { gram, cross } = products(features, shift, x, y);
  const factor = cholesky(gram, features.columns);
  const contributions = matrix(shift.columns, features.columns);
  let [explained, total] = [0, 0];
  for (let w = 0; w < shift.columns; w++) {
    const right = cross.subarray(w * features.columns, (w + 1) * features.columns);
    const slopes = choleskySolve(factor, right);
    slopes.forEach((slope, f) => {
      const deviation = x.deviation[f] as number;
      if (deviation > 0)
        contributions.data[w * features.columns + f] = (slope / deviation) * (x.mean[f] as number);
      explained += slope * (right[f] as number);
    });
    total += features.rows * (y.deviation[w] as number) ** 2;
  }
  return { contributions, explained: total === 0 ? 0 : explained / total };
}

interface Moments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function moments(m: Matrix): Moments {
  const mean = new Float64Array(m.columns);
  const square = new Float64Array(m.columns);
  for (let r = 0; r < m.rows; r++) {
    row(m, r).forEach((value, c) => {
      mean[c] = (mean[c] as number) + value / m.rows;
      square[c] = (square[c] as number) + (value * value) / m.rows;
    });
  }
  return {
    mean,
    deviation: mean.map((value, c) => {
      const variance = (square[c] as number) - value * value;
      return variance > CONSTANT * (square[c] as number) ? Math.sqrt(variance) : 0;
    }),
  };
}

/** Z'Z + alpha I and, per word, Z'y, for standardised features Z and centred shifts y; only non-zero features are visited. */
function products(features: Matrix, shift: Matrix, x: Moments, y: Moments) {
  const p = features.columns;
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(shift.columns * p);
  for (let r = 0; r < features.rows; r++) {
    const values = row(features, r);
    const targets = row(shift, r);
    const active: number[] = [];
    for (let f = 0; f < p; f++) if (values[f] !== 0) active.push(f);
    for (const f of active) {
      const value = values[f] as number;
      for (const g of active)
        gram[f * p + g] = (gram[f * p + g] as number) + value * (values[g] as number);
      for (let w = 0; w < targets.length; w++) {
        cross[w * p + f] = (cross[w * p + f] as number) + value * (targets[w] as number);
      }
    }
  }
  const scale = x.deviation.map((deviation) => (deviation > 0 ? 1 / deviation : 0));
  for (let f = 0; f < p; f++) {
    for (let g = 0; g < p; g++) {
      const centred =
        (gram[f * p + g] as number) - features.rows * (x.mean[f] as number) * (x.mean[g] as number);
      gram[f * p + g] =
        centred * (scale[f] as number) * (scale[g] as number) + (f === g ? ALPHA : 0);
    }
    for (let w = 0; w < shift.columns; w++) {
      const centred =
        (cross[w * p + f] as number) -
        features.rows * (x.mean[f] as number) * (y.mean[w] as number);
      cross[w * p + f] = centred * (scale[f] as number);
    }
  }
  return { gram, cross };
}
