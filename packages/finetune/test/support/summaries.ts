import { expect } from '@jest/globals';
import { tinyWeights } from './golden-checkpoint.ts';

/** Norm of a tensor, and its product with a fixed direction, as tools/golden/finetune.py writes them. */
export type Summary = readonly [norm: number, product: number];

/** Compares a tensor with its golden summary, both relative to its norm. */
export function expectSummary(
  name: string,
  { data, shape }: { readonly data: Float32Array; readonly shape: readonly number[] },
  [norm, product]: Summary,
  tolerance: number,
): void {
  const direction = tinyWeights('projection', shape);
  const length = Math.hypot(...direction);
  const own = Math.hypot(...data);
  const along = data.reduce((sum, x, i) => sum + x * (direction[i] as number), 0);
  // What is 0 but for rounding has no direction.
  const scale = Math.max(norm, 1e-4);
  const apart = Math.max(Math.abs(own - norm), Math.abs(along - product) / length) / scale;
  expect({ name, apart: apart < tolerance ? 0 : apart }).toEqual({ name, apart: 0 });
}
