import { dot, norm } from '@feedprint/core';
import type { Columns } from './columns.ts';

/** Correlation from which two properties count as one: which of them was learned cannot be told. */
export const COLLINEAR = 0.5;

/** Correlations of properties over the replies of the base, `[properties, properties]`. */
export interface Collinearity {
  readonly count: number;
  readonly correlations: Float64Array;
}

/** Correlations between columns; 0 with one that does not vary. */
export function collinearityOf(columns: Columns): Collinearity {
  const centred = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const rest = column.map((value) => value - mean);
    const length = norm(rest);
    return length > 0 ? rest.map((value) => value / length) : rest;
  });
  const count = columns.length;
  const correlations = new Float64Array(count * count);
  centred.forEach((a, i) => centred.forEach((b, j) => (correlations[i * count + j] = dot(a, b))));
  return { count, correlations };
}

/** Those of `others` that a property varies with beyond 0.5, the one that it varies with most first. */
export function partnersOf(
  { count, correlations }: Collinearity,
  property: number,
  others: readonly number[],
): number[] {
  const strength = (other: number): number =>
    Math.abs(correlations[property * count + other] as number);
  return others
    .filter((other) => other !== property && strength(other) >= COLLINEAR)
    .sort((a, b) => strength(b) - strength(a));
}

export const isCollinear = (
  collinearity: Collinearity,
  property: number,
  others: readonly number[],
): boolean => partnersOf(collinearity, property, others).length > 0;
