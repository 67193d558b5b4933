import { createRandom } from '@feedprint/core';
import type { PairFile, PairRecord } from '@feedprint/feedback';

/** Which pairs of a file are used. */
export interface PairSample {
  /** At most so many, drawn at random. Default: all. */
  readonly maxPairs?: number | undefined;
  readonly seed: number;
}

/** A file's pairs, or a seeded sample of them, with their places, in the file's order. */
export const samplePairs = (
  { pairs }: PairFile,
  { maxPairs, seed }: PairSample,
): { readonly index: number; readonly record: PairRecord }[] =>
  createRandom(seed)
    .fork('pairs')
    .shuffle([...pairs.keys()])
    .slice(0, maxPairs)
    .sort((a, b) => a - b)
    .map((index) => ({ index, record: pairs[index] as PairRecord }));
