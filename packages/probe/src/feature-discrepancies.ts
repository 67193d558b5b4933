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
  /** How far it moved, in any unit that all words share; null where that is not known. */
  readonly estimate: number | null;
  readonly flagged: boolean;
}

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
/** Number of frequency classes within which words are drawn, and the fewest words in one. */
const STRATA = 10;
const STRATUM = 20;
/** Words of like estimates that a flagged word is compared with. */
const NEAREST = 20;

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

/** A word, and the sign with which its push counts. */
interface Drawn {
  readonly word: number;
  readonly sign: number;
}

const itself = (word: number): Drawn => ({ word, sign: 1 });

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

/**
 * A flagged word and the words that were not flagged whose estimate and log frequency, in standard deviations, are nearest to its own. A word that
 * was told the other side moved the same way by following its feedback: its push counts with the other sign.
 */
function shiftedAlike(
  words: readonly JudgedAgainst[],
  sided: readonly number[],
  flagged: number,
): Drawn[] {
  const known = sided.filter((w) => typeof words[w]?.estimate === 'number');
  const estimate = (w: number): number => words[w]?.estimate ?? 0;
  const frequency = (w: number): number => Math.log(words[w]?.expectedCount ?? 1);
  const [a, b] = [spreadOf(known.map(estimate)), spreadOf(known.map(frequency))];
  const distance = (w: number): number =>
    Math.hypot((estimate(w) - estimate(flagged)) / a, (frequency(w) - frequency(flagged)) / b);
  const side = (w: number): number => Math.sign(words[w]?.stated ?? 0);
  const near = known
    .filter((w) => !words[w]?.flagged)
    .sort((one, other) => distance(one) - distance(other) || one - other)
    .slice(0, NEAREST);
  return [itself(flagged), ...near.map((w) => ({ word: w, sign: side(w) * side(flagged) }))];
}

/** Standard deviation; 1 where nothing varies. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return square > 0 ? Math.sqrt(square) : 1;
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
