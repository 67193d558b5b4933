import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import type { WordEstimate } from '../src/index.ts';

export interface SyntheticWords {
  readonly words: number;
  readonly seed: number;
  /** Robust scale of the residuals of frequent words. */
  readonly noise: number;
  /** Least expected count. Default 5. */
  readonly fewest?: number;
  /** Whether the words' signs are learned flipped. */
  readonly flipped?: (index: number) => boolean;
}

/** Words whose estimates follow the model of `findDiscrepancies`: linear in stated and log count, noisier where rare. */
export function drawWords({
  words,
  seed,
  noise,
  fewest = 5,
  flipped,
}: SyntheticWords): WordEstimate[] {
  const random = createRandom(seed);
  return Array.from({ length: words }, (_, i) => {
    const stated = (random.next() < 0.5 ? -1 : 1) * (0.5 + 2.5 * random.next());
    const expectedCount = fewest * (500 / fewest) ** random.next();
    const standardError = 0.01 + 0.02 * random.next();
    const l = Math.log(expectedCount / 20);
    const learned = flipped?.(i) ? -stated : stated;
    const sigma = Math.sqrt(noise ** 2 * (1 + 50 / expectedCount) + standardError ** 2);
    const estimate = -0.1 + (0.4 + 0.05 * l) * learned + 0.04 * l + sigma * random.normal();
    return toWord({ stated, estimate, standardError, expectedCount }, i);
  });
}

export interface Measured {
  readonly stated: number;
  readonly estimate: number;
  readonly standardError: number;
  readonly expectedCount: number;
}

export function toWord(measured: Measured, index: number): WordEstimate {
  const { estimate, standardError } = measured;
  const reach = 1.96 * standardError;
  return {
    ...measured,
    word: `word ${index}`,
    token: index,
    interval: { low: estimate - reach, high: estimate + reach },
    n: Math.round(measured.expectedCount),
  };
}

/** A matrix's worth of standard normal numbers in f32. */
export const normals = (random: Random, length: number): Float32Array =>
  Float32Array.from({ length }, () => random.normal());

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
