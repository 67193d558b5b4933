import { FeedprintError, createRandom } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { drawWords, itself, shiftedAlike, strataOf } from './feature-controls.ts';
import type { Drawn, JudgedAgainst } from './feature-controls.ts';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';

/** How far a feature pushes the words that were learned against their stated feedback, against it. */
export interface FeatureDiscrepancy {
  /** Mean over those words, relative to how much the features contribute to each of them. */
  readonly push: number;
  /** The same over frequency-matched words. */
  readonly expected: number;
  /** The same, in the direction of each word's shift, over words that moved as far in that direction. */
  readonly shifted: number;
  /** `push` above `expected`, in standard deviations over draws of words. */
  readonly score: number;
  readonly p: number;
  /** Benjamini-Hochberg adjusted `p`. */
  readonly q: number;
  readonly flagged: boolean;
  /** Indices of those of the words that it does push against their feedback, furthest first. */
  readonly words: readonly number[];
}

/** Number of random sets of words that each feature is compared on. */
const DRAWS = 10_000;

export interface FeatureDiscrepancyOptions {
  readonly seed: number;
  /** False discovery rate at which a feature is flagged. Default 0.05. */
  readonly rate?: number;
}

/**
 * Which features push the words that were learned against their stated feedback in that direction? `contributions`
 * `[words, features]` to each word's shift, in any unit: each word's are divided by their root mean square over the
 * features. push = mean over the flagged words of -sign(stated) x contribution, compared with two kinds of words, 10,000 draws of as many each:
 *
 * - frequency-matched ones (by classes of the base's expected count), against *their* stated feedback: what a feature does to all words alike, or to
 *   rare ones, also shows there;
 * - for each flagged word, itself or one of the 20 others whose estimate and frequency are nearest, in the direction in which the flagged word
 *   moved: flagged words were chosen for having moved, so that what merely goes with moving also shows there.
 *
 * p: the larger of the two shares of draws whose push is at least as large; q by Benjamini and Hochberg over the features.
 * Without flagged words nothing is flagged: push 0, p 1. Throws `shape-mismatch` unless there is a row per word.
 */
export function findFeatureDiscrepancies(
  contributions: Matrix,
  words: readonly JudgedAgainst[],
  { seed, rate = 0.05 }: FeatureDiscrepancyOptions,
): FeatureDiscrepancy[] {
  if (contributions.rows !== words.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `contributions to ${contributions.rows} words were given for ${words.length} words`,
      remedy: 'pass one row of contributions per word',
    });
  }
  const pushes = pushesOf(contributions, words);
  const sided = words.flatMap(({ stated }, w) => (stated === 0 ? [] : [w]));
  const learnedAgainst = sided.filter((w) => words[w]?.flagged);
  const features = contributions.columns;
  if (learnedAgainst.length === 0) {
    const none = {
      push: 0,
      expected: 0,
      shifted: 0,
      score: 0,
      p: 1,
      q: 1,
      flagged: false,
      words: [],
    };
    return Array.from({ length: features }, () => none);
  }
  const observed = meanPush(pushes, features, learnedAgainst.map(itself));
  const strata = strataOf(words, sided);
  const random = createRandom(seed);
  const byFrequency = compareWithDraws(pushes, observed, () =>
    drawWords(strata, words, random).map(itself),
  );
  const pools = learnedAgainst.map((w) => shiftedAlike(words, sided, w));
  const byShift = compareWithDraws(pushes, observed, () =>
    pools.map((pool) => pool[random.integer(pool.length)] as Drawn),
  );
  const p = Array.from(observed, (_, f) =>
    Math.max(byFrequency.p[f] as number, byShift.p[f] as number),
  );
  const q = benjaminiHochberg(p);
  return p.map((value, f) => {
    const push = observed[f] as number;
    const expected = byFrequency.mean[f] as number;
    const deviation = byFrequency.deviation[f] as number;
    const pushOf = (w: number): number => pushes[w * features + f] as number;
    return {
      push,
      expected,
      shifted: byShift.mean[f] as number,
      score: deviation > 1e-9 ? (push - expected) / deviation : 0,
      p: value,
      q: q[f] as number,
      flagged: (q[f] as number) <= rate,
      words: learnedAgainst
        .filter((w) => pushOf(w) > 0)
        .sort((a, b) => pushOf(b) - pushOf(a) || a - b),
    };
  });
}

/** Mean and standard deviation of each feature's push over draws of words, and the share of draws that reach what was observed. */
function compareWithDraws(
  pushes: Float64Array,
  observed: Float64Array,
  draw: () => readonly Drawn[],
): { readonly mean: Float64Array; readonly deviation: Float64Array; readonly p: Float64Array } {
  const features = observed.length;
  const atLeast = new Float64Array(features);
  const [sums, squares] = [new Float64Array(features), new Float64Array(features)];
  for (let d = 0; d < DRAWS; d++) {
    const drawn = meanPush(pushes, features, draw());
    for (let f = 0; f < features; f++) {
      const push = drawn[f] as number;
      // Sums of the same numbers in another order count as equal.
      if (push >= (observed[f] as number) - 1e-12) atLeast[f] = (atLeast[f] as number) + 1;
      sums[f] = (sums[f] as number) + push;
      squares[f] = (squares[f] as number) + push * push;
    }
  }
  const mean = sums.map((sum) => sum / DRAWS);
  return {
    mean,
    deviation: squares.map((sum, f) =>
      Math.sqrt(Math.max(0, sum / DRAWS - (mean[f] as number) ** 2)),
    ),
    p: atLeast.map((count) => (1 + count) / (1 + DRAWS)),
  };
}

/** -sign(stated) x contribution, relative to the word's root mean square; 0 for words that no feature contributes to. */
function pushesOf({ data, columns }: Matrix, words: readonly JudgedAgainst[]): Float64Array {
  const pushes = new Float64Array(data.length);
  words.forEach(({ stated }, w) => {
    const row = data.subarray(w * columns, (w + 1) * columns);
    const size = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / columns);
    if (size === 0) return;
    row.forEach((value, f) => (pushes[w * columns + f] = (-Math.sign(stated) * value) / size));
  });
  return pushes;
}

function meanPush(pushes: Float64Array, features: number, drawn: readonly Drawn[]): Float64Array {
  const mean = new Float64Array(features);
  for (const { word, sign } of drawn) {
    const weight = sign / drawn.length;
    for (let f = 0; f < features; f++) {
      mean[f] = (mean[f] as number) + weight * (pushes[word * features + f] as number);
    }
  }
  return mean;
}
