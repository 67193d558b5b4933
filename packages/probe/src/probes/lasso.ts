import { total, transpose } from '@feedprint/core/linear-algebra';
import type { Rows } from '@feedprint/core/linear-algebra';
import { createLinearProbe } from './linear-probe.ts';
import type { LinearFit, LinearProbe } from './linear-probe.ts';
import { assertPenalty } from './penalty.ts';
import { columnScaling, spreadWeights, standardise } from './standardise.ts';

export interface LassoSettings {
  /** Minimises Σ squared error / (2 rows) + alpha Σ|weight| on standardised columns, as scikit-learn's `Lasso`. */
  readonly alpha: number;
}

/**
 * Linear regression that selects few columns: an L1 penalty sets the weights of the others to exactly 0 (Tibshirani
 * 1996). Columns are standardised, constant ones left out, and the intercept is not penalised. `predict` is in the
 * target's units. Throws `config-invalid` unless `alpha` is positive.
 */
export function createLasso({ alpha }: LassoSettings, fitted?: LinearFit): LinearProbe {
  assertPenalty(alpha, 'alpha');
  return createLinearProbe({
    name: 'lasso',
    settings: { alpha },
    fitted,
    train: (x, y) => {
      const scaling = columnScaling(x);
      const { z, kept } = standardise(x, scaling);
      const mean = total(y) / y.length;
      const centred = y.map((value) => value - mean);
      const weights = descend(transpose(z), centred, alpha);
      return {
        ...scaling,
        weights: spreadWeights(weights, kept, x.columns),
        intercept: mean,
        penalty: alpha,
      };
    },
  });
}

const mostSweeps = 20_000;
/** Fitting stops when all weights move by less than this share of the largest one. */
const leastMove = 1e-13;

/** Coordinate descent (Friedman, Hastie and Tibshirani 2010) on columns `[columns, rows]` of mean 0 and mean square 1. */
function descend({ rows: columns, columns: n, data }: Rows, y: Float64Array, alpha: number) {
  const weights = new Float64Array(columns);
  const residual = y.slice();
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [move, largest] = [0, 0];
    for (let j = 0; j < columns; j++) {
      const column = data.subarray(j * n, (j + 1) * n);
      const before = weights[j] as number;
      let along = 0;
      for (let i = 0; i < n; i++) along += (column[i] as number) * (residual[i] as number);
      const pull = along / n + before;
      const after = Math.sign(pull) * Math.max(0, Math.abs(pull) - alpha);
      if (after !== before) {
        for (let i = 0; i < n; i++) {
          residual[i] = (residual[i] as number) - (after - before) * (column[i] as number);
        }
        weights[j] = after;
      }
      move = Math.max(move, Math.abs(after - before));
      largest = Math.max(largest, Math.abs(after));
    }
    if (move <= leastMove * largest) break;
  }
  return weights;
}
