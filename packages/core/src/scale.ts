import type { SiteScale } from './contracts/activation-store.ts';
import { norm, row } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/** Measures rows as they come in. */
export interface ScaleMeter {
  /** Rows `[rows, width]`. */
  add(rows: Matrix): void;
  /** Of all rows added; zeros if there are none. */
  result(): SiteScale;
}

/** Mean row and mean norm of activations, summed in f64. */
export function createScaleMeter(width: number): ScaleMeter {
  const sum = new Float64Array(width);
  let [norms, count] = [0, 0];
  return {
    add(rows) {
      for (let r = 0; r < rows.rows; r++) {
        const values = row(rows, r);
        for (let i = 0; i < width; i++) sum[i] = (sum[i] as number) + (values[i] as number);
        norms += norm(values);
      }
      count += rows.rows;
    },
    result: () => ({
      mean: Float32Array.from(sum, (value) => value / Math.max(1, count)),
      meanNorm: norms / Math.max(1, count),
    }),
  };
}
