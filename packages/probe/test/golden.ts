import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** A golden file of this folder; its shape is whatever the test that reads it says. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as T;
}

/** Equal but for a relative (or, below 1, absolute) error of `tolerance`. */
export function expectClose(actual: number, wanted: number, tolerance: number): void {
  const error = Math.abs(actual - wanted) / Math.max(1, Math.abs(wanted));
  if (!(error <= tolerance)) expect(actual).toBe(wanted);
  expect(error).toBeLessThanOrEqual(tolerance);
}

/** Equal but for a relative error of `tolerance`, however small the number is. */
export function expectRelative(actual: number, wanted: number, tolerance: number): void {
  expectClose(wanted === 0 ? actual : actual / wanted, wanted === 0 ? 0 : 1, tolerance);
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
