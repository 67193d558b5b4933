import { symmetricEigen } from '@feedprint/core/linear-algebra';

/** Share of the mean eigenvalue that is added to every one, because few positions do not tell small ones apart from 0. */
const SHRINKAGE = 0.1;

/** A symmetric positive definite matrix M by its square root and that root's inverse, both symmetric `[width, width]`. */
export interface Metric {
  readonly width: number;
  readonly root: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * The metric of predictions at a site: to second order, moving activations by v moves next-token predictions by v'Mv / 2 nats of
 * KL. M is the mean of s s' over positions, s the gradient of the log-probability of tokens drawn from the model's own predictions (the
 * Fisher information; Amari 1998), given as `moments`, the sum `[width, width]` over positions, plus a tenth of its mean
 * eigenvalue. The identity for moments of 0. Throws what `symmetricEigen` throws.
 */
export function predictionMetric(
  moments: Float64Array,
  { width, positions }: { readonly width: number; readonly positions: number },
): Metric {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += moments[i * width + i] as number;
  const floor = (SHRINKAGE * trace) / (width * positions);
  if (!(floor > 0)) return { width, root: identity(width), inverse: identity(width) };
  const { values, vectors } = symmetricEigen(moments, width);
  const lengths = values.map((value) => Math.sqrt(Math.max(0, value) / positions + floor));
  return {
    width,
    root: compose(lengths, vectors, width),
    inverse: compose(
      lengths.map((length) => 1 / length),
      vectors,
      width,
    ),
  };
}

function identity(n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) result[i * n + i] = 1;
  return result;
}

/** The symmetric matrix with these eigenvalues, and the rows of `vectors` as eigenvectors. */
function compose(values: Float64Array, vectors: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const vector = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      const scale = (values[k] as number) * (vector[i] as number);
      for (let j = 0; j < n; j++)
        result[i * n + j] = (result[i * n + j] as number) + scale * (vector[j] as number);
    }
  }
  return result;
}
