import { gram } from '@feedprint/core/linear-algebra';
import { createWeightedRidge } from './weighted-ridge.ts';
import { choosePenalty } from './gcv.ts';
import { createLinearProbe } from './linear-probe.ts';
import type { LinearFit, LinearProbe } from './linear-probe.ts';
import { assertPenalty } from './penalty.ts';
import { columnScaling, spreadWeights, standardise } from './standardise.ts';

export interface RidgeSettings {
  /**
   * Factor of |weights|² relative to the summed squared error, for standardised columns; `gcv` chooses it from the
   * data.
   */
  readonly alpha: number | 'gcv';
}

/**
 * Ridge regression on standardised columns, constant ones left out, with an unpenalised intercept. Solved in the space
 * of rows if there are no more rows than columns. `predict` is in the target's units. Throws `config-invalid` unless
 * `alpha` is positive.
 */
export function createRidge({ alpha }: RidgeSettings, fitted?: LinearFit): LinearProbe {
  if (alpha !== 'gcv') assertPenalty(alpha, 'alpha');
  return createLinearProbe({
    name: 'ridge',
    settings: { alpha },
    fitted,
    train: (x, y) => {
      const scaling = columnScaling(x);
      const { z, kept } = standardise(x, scaling);
      const kernel = z.rows <= z.columns ? gram(z) : undefined;
      const penalty = alpha === 'gcv' ? choosePenalty(z, y, kernel) : alpha;
      const rowWeights = new Float64Array(z.rows).fill(1);
      const solution = createWeightedRidge(z, kernel)({ target: y, penalty, rowWeights });
      const weights = spreadWeights(solution.weights, kept, x.columns);
      return { ...scaling, weights, intercept: solution.intercept, penalty };
    },
  });
}
