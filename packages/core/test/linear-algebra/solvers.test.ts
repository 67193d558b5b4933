import { describe, expect, test } from '@jest/globals';
import {
  cholesky,
  choleskySolve,
  gram,
  inverseDiagonal,
  solveShifted,
  timesVector,
  transpose,
  transposeTimesVector,
  tridiagonalise,
} from '../../src/linear-algebra/index.ts';
import { expectAllClose, expectClose, hasCode, normals } from '../support/numbers.ts';

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

  test('gives the diagonal of the inverse', () => {
    const n = 6;
    const factor = cholesky(withDiagonal(gram(normals(n, 4, 5)), n, 0.1), n);
    const wanted = Array.from({ length: n }, (_, i) => {
      const unit = new Float64Array(n);
      unit[i] = 1;
      return choleskySolve(factor, unit)[i] as number;
    });
    expectAllClose(inverseDiagonal(factor), wanted, 1e-11);
  });

  test('names the matrix and the pivot that it refuses', () => {
    const nearly = Float64Array.of(1, 1, 1, 1 + 1e-9);
    expect(cholesky(nearly, 2).lower[3]).toBeGreaterThan(0);
    expect(() =>
      cholesky(nearly, 2, { what: 'the metric', remedy: 'mend it', leastPivot: 1e-7 }),
    ).toThrow(
      /^the metric is not positive definite from row 1 on: its pivot there is 1\S*e-9; mend/,
    );
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
    const rotated = b.slice();
    const t = tridiagonalise(a.slice(), { rows: n, columns: 1, data: rotated });
    for (const shift of [0.01, 1, 50]) {
      const factor = cholesky(withDiagonal(a, n, shift), n);
      const wanted = choleskySolve(factor, b);
      let trace = 0;
      for (let i = 0; i < n; i++) {
        const unit = new Float64Array(n);
        unit[i] = 1;
        trace += choleskySolve(factor, unit)[i] as number;
      }
      const { solution, traceOfInverse } = solveShifted(t, shift, rotated);
      expectClose(Math.hypot(...solution), Math.hypot(...wanted), 1e-11);
      expectClose(traceOfInverse, trace, 1e-11);
    }
  });
});
