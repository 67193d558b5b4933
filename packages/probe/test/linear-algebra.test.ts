import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { cholesky, choleskySolve } from '../src/linear-algebra/cholesky.ts';
import { gram, timesVector, transpose, transposeTimesVector } from '../src/linear-algebra/rows.ts';
import type { Rows } from '../src/linear-algebra/rows.ts';
import { solveShifted, tridiagonalise } from '../src/linear-algebra/tridiagonal.ts';
import { createWeightedRidge } from '../src/linear-algebra/weighted-ridge.ts';
import { expectAllClose, expectClose, hasCode } from './golden.ts';

function normals(rows: number, columns: number, seed: number): Rows {
  const random = createRandom(seed);
  return {
    rows,
    columns,
    data: Float64Array.from({ length: rows * columns }, () => random.normal()),
  };
}

function withDiagonal(a: Float64Array, n: number, shift: number): Float64Array {
  return a.map((value, i) => (i % (n + 1) === 0 ? value + shift : value));
}

test.each([1, 2, 5, 8])('a Gram matrix of %i rows holds all inner products', (rows) => {
  const x = normals(rows, 7, rows);
  const columns = Array.from({ length: rows }, (_, j) => x.data.slice(j * 7, (j + 1) * 7));
  const wanted = Array.from({ length: rows }, () => new Float64Array(rows));
  columns.forEach((column, j) => {
    timesVector(x, column).forEach((value, i) => ((wanted[i] as Float64Array)[j] = value));
  });
  expectAllClose(
    gram(x),
    wanted.flatMap((row) => Array.from(row)),
    1e-14,
  );
});

test('a transposed product is the product with the transpose', () => {
  const x = normals(4, 3, 1);
  const v = Float64Array.of(1, -2, 3, 0.5);
  expectAllClose(transposeTimesVector(x, v), Array.from(timesVector(transpose(x), v)), 1e-15);
});

describe('the Cholesky solver', () => {
  test('solves a positive definite system', () => {
    const n = 9;
    const a = withDiagonal(gram(normals(n, 4, 2)), n, 0.1);
    const wanted = normals(1, n, 3).data;
    const b = timesVector({ rows: n, columns: n, data: a }, wanted);
    expectAllClose(choleskySolve(cholesky(a, n), b), Array.from(wanted), 1e-11);
  });

  test('refuses what is not positive definite', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(hasCode('numbers-invalid'));
    expect(() => cholesky(Float64Array.of(NaN), 1)).toThrow(hasCode('numbers-invalid'));
  });
});

describe('a tridiagonal form', () => {
  test.each([
    ['one row', gram(normals(1, 3, 1)), 1],
    ['two rows', gram(normals(2, 3, 1)), 2],
    ['a rank less than its size', gram(normals(8, 3, 1)), 8],
    ['zeros', new Float64Array(16), 4],
    ['a diagonal matrix', withDiagonal(new Float64Array(9), 3, 2), 3],
  ])('of %s gives the norm and the trace of shifted systems', (_, a, n) => {
    const b = normals(1, n, 5).data;
    const t = tridiagonalise(a.slice(), b.slice());
    for (const shift of [0.01, 1, 50]) {
      const factor = cholesky(withDiagonal(a, n, shift), n);
      const wanted = choleskySolve(factor, b);
      let trace = 0;
      for (let i = 0; i < n; i++) {
        const unit = new Float64Array(n);
        unit[i] = 1;
        trace += choleskySolve(factor, unit)[i] as number;
      }
      const { solution, traceOfInverse } = solveShifted(t, shift, t.rotated);
      expectClose(Math.hypot(...solution), Math.hypot(...wanted), 1e-11);
      expectClose(traceOfInverse, trace, 1e-11);
    }
  });
});

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
