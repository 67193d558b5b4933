import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

export interface Divergence {
  /** Mean over positions of KL(clean || changed), nats; in f64. */
  readonly mean: number;
  /** Its gradient with respect to the changed logits: (q - p) / positions, `[positions, vocabulary]`. */
  readonly cotangents: Matrix;
}

/** How far changed predictions are from the clean ones, from logits `[positions, vocabulary]`. */
export function divergence(clean: Matrix, changed: Matrix): Divergence {
  const { rows, columns } = clean;
  const cotangents = matrix(rows, columns);
  const [p, q] = [new Float64Array(columns), new Float64Array(columns)];
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    const [ofP, ofQ] = [
      exponentials(clean.data, start, p),
      exponentials(changed.data, start, q),
    ] as const;
    let cross = 0;
    for (let i = 0; i < columns; i++) {
      const own = (p[i] as number) / ofP.total;
      // A logit of minus infinity: 0 log 0 = 0.
      if (own > 0) {
        cross += own * ((clean.data[start + i] as number) - (changed.data[start + i] as number));
      }
      cotangents.data[start + i] = ((q[i] as number) / ofQ.total - own) / rows;
    }
    const shift = ofQ.top + Math.log(ofQ.total) - ofP.top - Math.log(ofP.total);
    // Rounding alone can make it negative; NaN stays NaN.
    const own = cross + shift;
    sum += own < 0 ? 0 : own;
  }
  return { mean: sum / rows, cotangents };
}

/** Writes the exponentials of a row's logits, relative to the largest, into `target` and returns their sum. */
function exponentials(
  data: Float32Array,
  start: number,
  target: Float64Array,
): { readonly top: number; readonly total: number } {
  const end = start + target.length;
  let top = -Infinity;
  for (let i = start; i < end; i++) top = Math.max(top, data[i] as number);
  let total = 0;
  for (let i = start; i < end; i++) {
    total += target[i - start] = Math.exp((data[i] as number) - top);
  }
  return { top, total };
}
