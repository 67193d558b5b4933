import { matrix } from '@feedprint/core';
import type { Attribution, Matrix } from '@feedprint/core';
import { createRidge } from './probes/ridge.ts';

/** Attributes estimates to features by ridge regression with generalised cross-validation, one row per word. */
export function attribute(features: Matrix, estimates: ArrayLike<number>): Attribution {
  const probe = createRidge({ alpha: 'gcv' });
  probe.fit(features, estimates);
  const { rows, columns } = features;
  const contributions = matrix(rows, columns);
  for (let f = 0; f < columns; f++) {
    const values = Float64Array.from(
      { length: rows },
      (_, r) => features.data[r * columns + f] as number,
    );
    const mean = values.reduce((sum, v) => sum + v, 0) / rows;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows);
    if (deviation === 0) continue;
    const slope = (probe.weights[f] as number) / deviation;
    for (let r = 0; r < rows; r++) {
      contributions.data[r * columns + f] = slope * ((values[r] as number) - mean);
    }
  }
  return { weights: probe.weights, contributions };
}
