import { takeRows, throwIfCancelled } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import { signedLoss } from './signed-loss.ts';
import { normalizeRows, preActivations, randomWeights, smallestKept } from './signed-weights.ts';
import type { SignedWeights } from './signed-weights.ts';

export interface SignedSaeOptions {
  readonly random: Random;
  /** M. Default 32. */
  readonly features?: number;
  /** K, the number of features that are kept per row, on average over a batch. Default 4. */
  readonly active?: number;
  /** Numbers of first features that reconstruct on their own. Default 8 and all. */
  readonly prefixes?: readonly number[];
  /** Default 5e-4, of Adam. */
  readonly learningRate?: number;
  /** Rows per step. Default 256. */
  readonly batch?: number;
  /** Most passes over the rows. Default 50. */
  readonly epochs?: number;
  /** Passes without a lower error on the rows held out, after which training ends. Default 3. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

export interface SignedSae {
  readonly weights: SignedWeights;
  /** Size from which an activation is kept. */
  readonly threshold: number;
  /** Squared error over squared norm on the rows held out, all features. */
  readonly error: number;
}

/**
 * Trains a signed BatchTopK Matryoshka SAE on differences of rows, as WIMHF does (arXiv 2510.26202), on nine in ten of
 * them; the others decide when it ends. As the code of a row's negative is the negative of its code, rows need not be
 * shown both ways round. The sign of a feature is that of most of its weight in the decoder: its largest entry is
 * positive.
 */
export function trainSignedSae(rows: Matrix, options: SignedSaeOptions): SignedSae {
  const { random, features = 32, active = 4, batch = 256, epochs = 50, patience = 3 } = options;
  const { prefixes = [Math.min(8, features), features], learningRate = 5e-4, signal } = options;
  const order = random.fork('split').shuffle(Array.from({ length: rows.rows }, (_, i) => i));
  const held = Math.max(1, Math.floor(rows.rows / 10));
  const heldOut = takeRows(rows, order.slice(0, held));
  const shown = order.slice(held);
  const weights = randomWeights(features, rows.columns, random.fork('weights'));
  const [updateEnc, updateDec] = [
    adam(weights.wEnc, learningRate),
    adam(weights.wDec, learningRate),
  ];
  const shuffled = random.fork('order');
  const keep = (z: Float64Array, count: number): Float64Array => {
    const least = smallestKept(z, count);
    return z.map((value) => (Math.abs(value) >= least ? value : 0));
  };
  const errorOf = (trained: SignedWeights): number => {
    const z = keep(preActivations(trained, heldOut), active * heldOut.rows);
    return signedLoss(trained, { x: heldOut, z, prefixes: [features] }).loss;
  };
  let best = { weights: copyOf(weights), error: errorOf(weights) };
  for (let epoch = 0, since = 0; epoch < epochs && since < patience; epoch++) {
    shuffled.shuffle(shown);
    for (let from = 0; from < shown.length; from += batch) {
      throwIfCancelled(signal, 'while the SAE was trained');
      const x = takeRows(rows, shown.slice(from, from + batch));
      const z = keep(preActivations(weights, x), active * x.rows);
      const { encGradient, decGradient } = signedLoss(weights, { x, z, prefixes });
      updateEnc(encGradient);
      updateDec(decGradient);
      normalizeRows(weights.wDec, weights.width);
    }
    const error = errorOf(weights);
    since = error < best.error ? 0 : since + 1;
    if (since === 0) best = { weights: copyOf(weights), error };
  }
  orient(best.weights);
  const z = preActivations(best.weights, takeRows(rows, shown));
  return { ...best, threshold: smallestKept(z, active * shown.length) };
}

const copyOf = (weights: SignedWeights): SignedWeights => ({
  ...weights,
  wEnc: weights.wEnc.slice(),
  wDec: weights.wDec.slice(),
});

/** Adam (Kingma and Ba 2015) with its usual constants, in place. */
function adam(values: Float64Array, rate: number): (gradient: Float64Array) => void {
  const [first, second] = [new Float64Array(values.length), new Float64Array(values.length)];
  let step = 0;
  return (gradient) => {
    step++;
    const [one, two] = [1 - 0.9 ** step, 1 - 0.999 ** step];
    gradient.forEach((g, i) => {
      const m = (first[i] = 0.9 * (first[i] as number) + 0.1 * g);
      const v = (second[i] = 0.999 * (second[i] as number) + 0.001 * g * g);
      values[i] = (values[i] as number) - (rate * (m / one)) / (Math.sqrt(v / two) + 1e-8);
    });
  };
}

/** Turns features round whose largest entry in the decoder is negative. */
function orient({ features, width, wEnc, wDec }: SignedWeights): void {
  for (let j = 0; j < features; j++) {
    const direction = wDec.subarray(j * width, (j + 1) * width);
    const largest = direction.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    if (largest >= 0) continue;
    for (const part of [direction, wEnc.subarray(j * width, (j + 1) * width)]) {
      part.forEach((value, i) => (part[i] = -value));
    }
  }
}
