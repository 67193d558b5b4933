import { FeedprintError } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  CHUNK,
  createColumns,
  createCrossProducts,
  fillColumns,
} from '@feedprint/core/linear-algebra';

/** Measures how alike two sets of activations at the same positions are, given a few rows at a time. */
export interface LinearCka {
  /** Rows of both, in the same order: `[rows, width of x]` and `[rows, width of y]`. Throws `shape-mismatch`. */
  add(x: Matrix, y: Matrix): void;
  /** From 0 to 1; `null` if one side is the same at all positions. */
  result(): number | null;
}

/**
 * Linear centred kernel alignment (Kornblith et al. 2019, equation 3 in feature space): ||X'Y||² / (||X'X|| ||Y'Y||)
 * for centred X and Y, with Frobenius norms. One pass in f64; memory of width squared, however many rows there are.
 */
export function createLinearCka(widthX: number, widthY: number): LinearCka {
  const xx = createCrossProducts(widthX, widthX, true);
  const xy = createCrossProducts(widthX, widthY);
  const yy = createCrossProducts(widthY, widthY, true);
  const [columnsX, columnsY] = [createColumns(widthX), createColumns(widthY)];
  const [sumX, sumY] = [new Float64Array(widthX), new Float64Array(widthY)];
  // Rows are taken relative to the first one: sums of products lose less precision if activations are far from 0.
  let origin: { readonly x: Float32Array; readonly y: Float32Array } | undefined;
  let rows = 0;
  return {
    add(x, y) {
      if (x.rows !== y.rows || x.columns !== widthX || y.columns !== widthY) {
        throw mismatch(x, y, widthX, widthY);
      }
      if (x.rows === 0) return;
      origin ??= { x: x.data.slice(0, widthX), y: y.data.slice(0, widthY) };
      for (let start = 0; start < x.rows; start += CHUNK) {
        const range = [start, Math.min(x.rows, start + CHUNK)] as const;
        fillColumns(columnsX, x, range, origin.x, sumX);
        fillColumns(columnsY, y, range, origin.y, sumY);
        xx.add(columnsX, columnsX);
        xy.add(columnsX, columnsY);
        yy.add(columnsY, columnsY);
      }
      rows += x.rows;
    },
    result() {
      if (rows === 0) return null;
      const ofX = xx.squares(sumX, sumX, rows);
      const ofY = yy.squares(sumY, sumY, rows);
      if (!(ofX > 0 && ofY > 0)) return null;
      return Math.min(1, xy.squares(sumX, sumY, rows) / Math.sqrt(ofX * ofY));
    },
  };
}

const mismatch = (x: Matrix, y: Matrix, widthX: number, widthY: number): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message: `cannot compare [${x.rows}, ${x.columns}] and [${y.rows}, ${y.columns}] as rows of ${widthX} and ${widthY} units`,
    remedy: 'pass the same rows on both sides',
  });
