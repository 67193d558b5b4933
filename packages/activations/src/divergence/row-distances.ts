import { FeedprintError, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** How far rows are from the base's rows. */
export interface RowDistances {
  /** Mean over the rows of the L2 norm of the difference. */
  readonly meanL2: number;
  /** L2 norm of all differences divided by the L2 norm of all of the base's rows; 0 for a base of zeros. */
  readonly relativeL2: number;
  /** Mean over the rows of the cosine of both; 1 if both rows are zero, 0 if one is. */
  readonly meanCosine: number;
}

export interface RowDistanceMeter {
  /** Rows of both, `[rows, width]`, in the same order. */
  add(base: Matrix, other: Matrix): void;
  /** `null` if there were no rows. */
  result(): RowDistances | null;
}

/**
 * Measures distances of rows, given a few at a time; sums are f64. Throws `shape-mismatch` for rows of other widths.
 */
export function createRowDistanceMeter(): RowDistanceMeter {
  let [rows, distance, cosine, differences, squares] = [0, 0, 0, 0, 0];
  return {
    add(base, other) {
      if (base.rows !== other.rows || base.columns !== other.columns) {
        throw new FeedprintError({
          code: 'shape-mismatch',
          message: `cannot compare [${base.rows}, ${base.columns}] with [${other.rows}, ${other.columns}]`,
          remedy: 'pass the same rows on both sides',
        });
      }
      for (let r = 0; r < base.rows; r++) {
        const [a, b] = [row(base, r), row(other, r)];
        let [aa, bb, ab, dd] = [0, 0, 0, 0];
        for (let i = 0; i < a.length; i++) {
          const [x, y] = [a[i] as number, b[i] as number];
          aa += x * x;
          bb += y * y;
          ab += x * y;
          dd += (x - y) * (x - y);
        }
        distance += Math.sqrt(dd);
        cosine += cosineOf(ab, aa, bb);
        differences += dd;
        squares += aa;
      }
      rows += base.rows;
    },
    result: () =>
      rows === 0
        ? null
        : {
            meanL2: distance / rows,
            relativeL2: squares === 0 ? 0 : Math.sqrt(differences / squares),
            meanCosine: cosine / rows,
          },
  };
}

function cosineOf(product: number, a: number, b: number): number {
  if (a === 0 || b === 0) return a === b ? 1 : 0;
  return Math.max(-1, Math.min(1, product / Math.sqrt(a * b)));
}
