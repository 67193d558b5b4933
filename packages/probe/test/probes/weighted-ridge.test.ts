import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { timesVector, transposeTimesVector } from '@feedprint/core/linear-algebra';
import type { Rows } from '@feedprint/core/linear-algebra';
import { createWeightedRidge } from '../../src/probes/weighted-ridge.ts';
import { expectAllClose } from '../golden.ts';

function normals(rows: number, columns: number, seed: number): Rows {
  const random = createRandom(seed);
  return {
    rows,
    columns,
    data: Float64Array.from({ length: rows * columns }, () => random.normal()),
  };
}

describe('weighted ridge regression', () => {
  /** Half the gradient of the objective, which must vanish at the minimum. */
  function gradient(x: Rows, target: Float64Array, rowWeights: Float64Array, penalty: number) {
    const { weights, intercept } = createWeightedRidge(x)({ target, penalty, rowWeights });
    const errors = timesVector(x, weights).map(
      (value, i) => (rowWeights[i] as number) * (value + intercept - (target[i] as number)),
    );
    const byWeight = transposeTimesVector(x, errors);
    return [
      ...byWeight.map((value, j) => value + penalty * (weights[j] as number)),
      errors.reduce((sum, value) => sum + value, 0),
    ];
  }

  test.each([
    [30, 4],
    [5, 20],
    [6, 6],
  ])('of %i rows and %i columns has no gradient left', (rows, columns) => {
    const random = createRandom(8);
    const target = Float64Array.from({ length: rows }, () => random.normal());
    const rowWeights = Float64Array.from({ length: rows }, () => 0.1 + random.next());
    for (const penalty of [0.1, 10]) {
      const rest = gradient(normals(rows, columns, 9), target, rowWeights, penalty);
      expectAllClose(rest, new Array<number>(columns + 1).fill(0), 1e-11);
    }
  });

  test('of no columns is the weighted mean', () => {
    const solve = createWeightedRidge({ rows: 2, columns: 0, data: new Float64Array(0) });
    const problem = { target: Float64Array.of(1, 4), rowWeights: Float64Array.of(2, 1) };
    expect(solve({ ...problem, penalty: 1 }).intercept).toBe(2);
  });
});
