import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** Temperatures between which one is looked for. */
const BETWEEN = [0.25, 4] as const;

/**
 * The temperature between 0.25 and 4 at which next-token distributions have the mean entropy of others, by bisection. Both are logits,
 * `[positions, vocabulary]`. Entropy rises with the temperature.
 */
export function matchTemperature(logits: Matrix, others: Matrix): number {
  const wanted = meanEntropy(others, 1);
  let [low, high] = BETWEEN.map(Math.log) as [number, number];
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (meanEntropy(logits, Math.exp(middle)) < wanted) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Nats. */
export function meanEntropy(logits: Matrix, temperature: number): number {
  let sum = 0;
  for (let r = 0; r < logits.rows; r++) sum += entropy(row(logits, r), temperature);
  return sum / logits.rows;
}

function entropy(logits: Float32Array, temperature: number): number {
  const { top, total } = normaliser(logits, temperature);
  let mean = 0;
  for (let v = 0; v < logits.length; v++) {
    const x = ((logits[v] as number) - top) / temperature;
    const weight = Math.exp(x);
    if (weight > 0) mean += weight * x;
  }
  return Math.log(total) - mean / total;
}

/** Log-probabilities (nats) of some tokens at a temperature, `[positions, ids]`. */
export function logProbsAt(temperature: number, logits: Matrix, ids: readonly number[]): Matrix {
  const result = matrix(logits.rows, ids.length);
  for (let r = 0; r < logits.rows; r++) {
    const own = row(logits, r);
    const { top, total } = normaliser(own, temperature);
    const log = Math.log(total);
    const into = row(result, r);
    ids.forEach((id, i) => (into[i] = ((own[id] as number) - top) / temperature - log));
  }
  return result;
}

/** The largest logit, and the sum of exp((logit - largest) / temperature). Plain loops: they run over a vocabulary for every position. */
function normaliser(
  logits: Float32Array,
  temperature: number,
): { readonly top: number; readonly total: number } {
  let top = -Infinity;
  for (let v = 0; v < logits.length; v++)
    if ((logits[v] as number) > top) top = logits[v] as number;
  let total = 0;
  for (let v = 0; v < logits.length; v++) {
    total += Math.exp(((logits[v] as number) - top) / temperature);
  }
  return { top, total };
}
