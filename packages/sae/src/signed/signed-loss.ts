import type { Matrix } from '@feedprint/core';
import { row } from '@feedprint/core';
import type { SignedWeights } from './signed-weights.ts';

export interface SignedLoss {
  /** Mean over the prefixes of squared error over squared norm. */
  readonly loss: number;
  /** `[features, width]`, as the weights. */
  readonly encGradient: Float64Array;
  readonly decGradient: Float64Array;
}

export interface SignedBatch {
  readonly x: Matrix;
  /** `[rows, features]`, 0 where an activation was dropped. */
  readonly z: Float64Array;
  /** Numbers of first features that reconstruct on their own, ascending; the last is all (Matryoshka). */
  readonly prefixes: readonly number[];
}

/** The loss of a batch and its gradients, by the chain rule; which activations are kept counts as fixed. */
export function signedLoss(
  { features, width, wDec }: SignedWeights,
  { x, z, prefixes }: SignedBatch,
): SignedLoss {
  const encGradient = new Float64Array(features * width);
  const decGradient = new Float64Array(features * width);
  let energy = 0;
  for (const value of x.data) energy += value * value;
  const scale = 1 / (Math.max(energy, Number.MIN_VALUE) * prefixes.length);
  let loss = 0;
  // Gradients with respect to the reconstruction of each prefix.
  const errors = prefixes.map(() => new Float64Array(width));
  const passed = new Float64Array(width);
  for (let b = 0; b < x.rows; b++) {
    const values = row(x, b);
    const code = z.subarray(b * features, (b + 1) * features);
    const sum = new Float64Array(width);
    let from = 0;
    prefixes.forEach((to, p) => {
      for (let j = from; j < to; j++) {
        const size = code[j] as number;
        if (size === 0) continue;
        for (let i = 0, at = j * width; i < width; i++, at++) {
          sum[i] = (sum[i] as number) + size * (wDec[at] as number);
        }
      }
      from = to;
      const error = errors[p] as Float64Array;
      for (let i = 0; i < width; i++) {
        const off = (sum[i] as number) - (values[i] as number);
        loss += scale * off * off;
        error[i] = 2 * scale * off;
      }
    });
    // A feature is part of its own prefix and of all longer ones.
    passed.fill(0);
    for (let p = prefixes.length - 1; p >= 0; p--) {
      errors[p]?.forEach((error, i) => (passed[i] = (passed[i] as number) + error));
      for (let j = prefixes[p - 1] ?? 0; j < (prefixes[p] as number); j++) {
        const size = code[j] as number;
        if (size === 0) continue;
        let toCode = 0;
        for (let i = 0, at = j * width; i < width; i++, at++) {
          toCode += (passed[i] as number) * (wDec[at] as number);
          decGradient[at] = (decGradient[at] as number) + size * (passed[i] as number);
        }
        for (let i = 0, at = j * width; i < width; i++, at++) {
          encGradient[at] = (encGradient[at] as number) + toCode * (values[i] as number);
        }
      }
    }
  }
  return { loss, encGradient, decGradient };
}
