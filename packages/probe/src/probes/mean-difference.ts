import { FeedprintError, dot } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createLinearProbe } from './linear-probe.ts';
import type { LinearFit, LinearProbe } from './linear-probe.ts';
import { columnScaling } from './standardise.ts';

/**
 * Projection on the difference of the two classes' means, scaled so that the positive mean predicts 1 and the negative
 * mean -1. Targets above 0 are positive, below 0 negative; zeros are negative if no target is below 0 (labels 0 and 1),
 * and left out otherwise. Throws `numbers-invalid` if a class is empty.
 */
export function createMeanDifference(fitted?: LinearFit): LinearProbe {
  return createLinearProbe({ name: 'mean-difference', settings: {}, fitted, train });
}

function train(x: Matrix, y: Float64Array): LinearFit {
  const zerosAreNegative = y.every((value) => value >= 0);
  const positive = classMean(x, (i) => (y[i] as number) > 0, 'positive');
  const negative = classMean(
    x,
    (i) => (y[i] as number) < 0 || (zerosAreNegative && y[i] === 0),
    'negative',
  );
  const scaling = columnScaling(x);
  const direction = positive.map((value, j) => value - (negative[j] as number));
  const length = dot(direction, direction);
  const coefficients = direction.map((value) => (length === 0 ? 0 : (2 * value) / length));
  const offsets = scaling.mean.map(
    (mean, j) => mean - ((positive[j] as number) + (negative[j] as number)) / 2,
  );
  return {
    ...scaling,
    weights: coefficients.map((coefficient, j) => coefficient * (scaling.scale[j] as number)),
    intercept: dot(coefficients, offsets),
    penalty: 0,
  };
}

function classMean(x: Matrix, belongs: (row: number) => boolean, name: string): Float64Array {
  const sums = new Float64Array(x.columns);
  let count = 0;
  for (let i = 0; i < x.rows; i++) {
    if (!belongs(i)) continue;
    count++;
    for (let j = 0; j < x.columns; j++) {
      sums[j] = (sums[j] as number) + (x.data[i * x.columns + j] as number);
    }
  }
  if (count === 0) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: `no target is ${name}`,
      remedy: 'fit a mean-difference probe on targets of both signs, or of 0 and 1',
    });
  }
  return sums.map((sum) => sum / count);
}
