import { expect } from '@jest/globals';
import { createRandom } from '../../src/index.ts';
import type { Rows } from '../../src/linear-algebra/index.ts';

/** Equal but for a relative (or, below 1, absolute) error of `tolerance`. */
export function expectClose(actual: number, wanted: number, tolerance: number): void {
  const error = Math.abs(actual - wanted) / Math.max(1, Math.abs(wanted));
  expect(error).toBeLessThanOrEqual(tolerance);
}

export function expectAllClose(
  actual: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
): void {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((value, i) => expectClose(actual[i] as number, value, tolerance));
}

export function hasCode(code: string): Error {
  return expect.objectContaining({ name: 'FeedprintError', code }) as unknown as Error;
}

export function normals(rows: number, columns: number, seed: number): Rows {
  const random = createRandom(seed);
  return {
    rows,
    columns,
    data: Float64Array.from({ length: rows * columns }, () => random.normal()),
  };
}
