import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { normalMatrix } from './saes.ts';

/** A multiple of the identity. */
export const multipleOfIdentity = (d: number, factor = 1): Matrix =>
  diagonal(Array.from({ length: d }, () => factor));

export function diagonal(values: readonly number[]): Matrix {
  const d = values.length;
  const result = matrix(d, d);
  values.forEach((value, i) => (result.data[i * d + i] = value));
  return result;
}

/** A random symmetric, positive definite matrix: the mean of 2 d outer products, and a tenth of the identity. */
export function outerProducts(d: number, seed: number): Matrix {
  const rows = normalMatrix(2 * d, d, seed);
  const result = multipleOfIdentity(d, 0.1);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let r = 0; r < 2 * d; r++) {
        const at = i * d + j;
        const product = (rows.data[r * d + i] as number) * (rows.data[r * d + j] as number);
        result.data[at] = (result.data[at] as number) + product / (2 * d);
      }
    }
  }
  return result;
}

/** Mean over rows of e M e^T, for errors e `[rows, d]`; with no M of their squares. */
export function meanError(errors: Matrix, metric = multipleOfIdentity(errors.columns)): number {
  const { rows, columns: d, data } = errors;
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        const weight = metric.data[i * d + j] as number;
        sum += (data[r * d + i] as number) * weight * (data[r * d + j] as number);
      }
    }
  }
  return sum / rows;
}
