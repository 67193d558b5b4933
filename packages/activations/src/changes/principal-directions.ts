import { matrix, row } from '@feedprint/core';
import { symmetricEigen } from '@feedprint/core/linear-algebra';
import type { Matrix } from '@feedprint/core';
import type { SecondMoments } from './model-changes.ts';

export interface PrincipalDirections {
  /** Share of the sum of squares along each direction, largest first. */
  readonly shares: readonly number[];
  /** `[directions, width]`, unit length, orthogonal, the largest entry of each positive. */
  readonly directions: Matrix;
}

/**
 * Directions along which rows vary most: eigenvectors of their second moments, about 0 or, if `centred`, about their
 * mean. `null` if there is no variation: no row, or none that differs from 0 or from the mean.
 */
export function principalDirections(
  { rows, sum, products }: SecondMoments,
  { count, centred }: { readonly count: number; readonly centred: boolean },
): PrincipalDirections | null {
  const width = sum.length;
  const moments = products.slice();
  let [total, before] = [0, 0];
  for (let i = 0; i < width; i++) {
    before += products[i * width + i] as number;
    if (centred && rows > 0) {
      const mean = (sum[i] as number) / rows;
      for (let j = 0; j < width; j++) {
        moments[i * width + j] = (moments[i * width + j] as number) - mean * (sum[j] as number);
      }
    }
    total += moments[i * width + i] as number;
  }
  // What remains of equal rows after centring is rounding error.
  if (!(total > 1e-12 * before)) return null;
  const { values, vectors } = symmetricEigen(moments, width);
  const kept = Math.min(count, width);
  const directions = matrix(kept, width);
  for (let k = 0; k < kept; k++)
    row(directions, k).set(vectors.subarray(k * width, (k + 1) * width));
  return {
    shares: Array.from(values.subarray(0, kept), (value) => Math.max(0, value / total)),
    directions,
  };
}
