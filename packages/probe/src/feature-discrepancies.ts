import { FeedprintError, createRandom } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';

/**
 * What must be known of a word: its stated feedback, how often it is expected, and whether it was learned against its
 * feedback.
 */
export interface JudgedAgainst {
  readonly stated: number;
  readonly expectedCount: number;
  readonly flagged: boolean;
}

/** How far a feature pushes the words that were learned against their stated feedback, against it. */
export interface FeatureDiscrepancy {
  /** Mean over those words, relative to how much the features contribute to each of them. */
  readonly push: number;
  /** The same over other, frequency-matched words. */
  readonly expected: number;
  /** The difference of the two, in standard deviations over draws of words. */
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
/** Number of frequency classes within which words are drawn, and the fewest words in one. */
const STRATA = 10;
const STRATUM = 20;

export interface FeatureDiscrepancyOptions {
  readonly seed: number;
  /** False discovery rate at which a feature is flagged. Default 0.05. */
  readonly rate?: number;
}

/**
 * Which features push the words that were learned against their stated feedback in that direction? `contributions`
 * `[words, features]` to each word's shift, in any unit: each word's are divided by their root mean square over the
 * features. push = mean over the flagged words of -sign(stated) x contribution; p: share of 10,000 draws of as many
 * frequency-matched words (by classes of the base's expected count) whose push is at least as large; q by Benjamini and
 * Hochberg over the features. What a feature does to all words alike, or to rare ones, also shows in the draws. Without
 * flagged words nothing is flagged: push 0, p 1. Throws `shape-mismatch` unless there is a row per word.
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
    const none = { push: 0, expected: 0, score: 0, p: 1, q: 1, flagged: false, words: [] };
    return Array.from({ length: features }, () => none);
  }
  const observed = meanPush(pushes, features, learnedAgainst);
  const strata = strataOf(words, sided);
  const random = createRandom(seed);
  const atLeast = new Float64Array(features);
  const [sums, squares] = [new Float64Array(features), new Float64Array(features)];
  for (let d = 0; d < DRAWS; d++) {
    const drawn = meanPush(pushes, features, drawWords(strata, words, random));
    for (let f = 0; f < features; f++) {
      const push = drawn[f] as number;
      // Sums of the same numbers in another order count as equal.
      if (push >= (observed[f] as number) - 1e-12) atLeast[f] = (atLeast[f] as number) + 1;
      sums[f] = (sums[f] as number) + push;
      squares[f] = (squares[f] as number) + push * push;
    }
  }
  const p = Array.from(atLeast, (count) => (1 + count) / (1 + DRAWS));
  const q = benjaminiHochberg(p);
  return p.map((value, f) => {
    const push = observed[f] as number;
    const expected = (sums[f] as number) / DRAWS;
    const variance = Math.max(0, (squares[f] as number) / DRAWS - expected ** 2);
    const pushOf = (w: number): number => pushes[w * features + f] as number;
    return {
      push,
      expected,
      score: variance > 1e-18 ? (push - expected) / Math.sqrt(variance) : 0,
      p: value,
      q: q[f] as number,
      flagged: (q[f] as number) <= rate,
      words: learnedAgainst
        .filter((w) => pushOf(w) > 0)
        .sort((a, b) => pushOf(b) - pushOf(a) || a - b),
    };
  });
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

function meanPush(pushes: Float64Array, features: number, words: readonly number[]): Float64Array {
  const mean = new Float64Array(features);
  for (const w of words) {
    for (let f = 0; f < features; f++) {
      mean[f] = (mean[f] as number) + (pushes[w * features + f] as number) / words.length;
    }
  }
  return mean;
}

/** The words in classes of equal size, by expected count. */
function strataOf(words: readonly JudgedAgainst[], sided: readonly number[]): number[][] {
  const count = (w: number): number => words[w]?.expectedCount ?? 0;
  const ordered = [...sided].sort((a, b) => count(a) - count(b) || a - b);
  const classes = Math.max(1, Math.min(STRATA, Math.floor(ordered.length / STRATUM)));
  const strata = Array.from({ length: classes }, (): number[] => []);
  ordered.forEach((w, i) => strata[Math.floor((i * classes) / ordered.length)]?.push(w));
  return strata;
}

/** From each class, as many words as it has flagged ones, without repeats. */
function drawWords(
  strata: readonly number[][],
  words: readonly JudgedAgainst[],
  random: Random,
): number[] {
  return strata.flatMap((stratum) => {
    const wanted = stratum.reduce((sum, w) => sum + (words[w]?.flagged ? 1 : 0), 0);
    // The first steps of a Fisher-Yates shuffle.
    for (let i = 0; i < wanted; i++) {
      const j = i + random.integer(stratum.length - i);
      [stratum[i], stratum[j]] = [stratum[j] as number, stratum[i] as number];
    }
    return stratum.slice(0, wanted);
  });
}
