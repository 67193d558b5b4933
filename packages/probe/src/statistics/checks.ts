import { assertFinite, FeedprintError } from '@feedprint/core';

/** Throws `shape-mismatch` unless both lists are equally long, `numbers-invalid` unless all their numbers are finite. */
export function assertPaired(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  names: readonly [string, string],
): void {
  if (x.length !== y.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `${names[0]} has ${x.length} numbers and ${names[1]} has ${y.length}`,
      remedy: 'pass two lists of equal length',
    });
  }
  assertFinite(x, names[0]);
  assertFinite(y, names[1]);
}

/** Throws `numbers-invalid` unless every number lies in [0, 1]. */
export function assertProbabilities(p: ArrayLike<number>, what: string): void {
  for (let i = 0; i < p.length; i++) {
    const value = p[i] as number;
    if (!(value >= 0 && value <= 1)) {
      throw new FeedprintError({
        code: 'numbers-invalid',
        message: `${what} holds ${value} at index ${i}`,
        remedy: 'pass probabilities between 0 and 1',
      });
    }
  }
}

/** True if no two numbers differ; true for an empty list. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
