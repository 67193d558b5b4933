import type { Random } from '@feedprint/core';
import { aurocOfRanks } from './statistics/auroc.ts';
import { differenceOf, intervalOf, tracedInterval } from './statistics/bca.ts';
import type { BootstrapInterval, BootstrapSample } from './statistics/bca.ts';
import { drawBootstraps } from './statistics/bootstrap.ts';
import { assertPaired } from './statistics/checks.ts';
import { pearsonCoefficient } from './statistics/correlation.ts';
import { tauOfRanks } from './statistics/kendall.ts';
import { averageOfCompetition, competitionRanks, countedRanks } from './statistics/ranks.ts';
import { signAccuracy } from './statistics/sign-accuracy.ts';

export interface AgreementMeasure {
  /** `null` if the data do not define it (constant values, one class, n < 3). */
  readonly value: number | null;
  readonly interval: BootstrapInterval | null;
  readonly n: number;
}

/** How well an estimate agrees with the stated feedback over words. */
export interface Agreement {
  /** Kendall's tau-b on values. */
  readonly tauB: AgreementMeasure;
  readonly spearman: AgreementMeasure;
  readonly pearson: AgreementMeasure;
  /** Share of words whose estimate has the stated sign. */
  readonly signAccuracy: AgreementMeasure;
  /** Probability that a positive word's estimate exceeds a negative one's. */
  readonly auroc: AgreementMeasure;
}

/** How much better one estimate agrees than another, over the words that both cover. */
export interface AgreementAdvantage {
  /** Difference of the two figures; `null` if either is undefined. */
  readonly value: number | null;
  /** From resamples of the words, which both figures share. */
  readonly interval: BootstrapInterval | null;
  /**
   * The interval does not lie above 0: as far as can be told, the other one does as well. `null` without an interval.
   */
  readonly matched: boolean | null;
}

/** `AgreementAdvantage` for each measure. */
export type AgreementAdvantages = Readonly<Record<keyof Agreement, AgreementAdvantage>>;

export interface AgreementOptions {
  readonly random: Random;
  /** Bootstrap resamples of the words. Default 1000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

type Name = keyof Agreement;

const names: readonly Name[] = ['tauB', 'spearman', 'pearson', 'signAccuracy', 'auroc'];

/** Words stated 0 enter only these measures: they have no sign. */
const correlations: ReadonlySet<Name> = new Set(['tauB', 'spearman', 'pearson']);

/** Every measure over the words, over their resamples, and with each word left out. */
export interface AgreementSample {
  readonly samples: Readonly<Record<Name, BootstrapSample>>;
  readonly words: number;
  readonly signed: number;
}

/**
 * How well estimates agree with stated feedback, one pair of numbers per word, with BCa bootstrap intervals over words
 * (all measures over the same resamples). Words stated 0 enter only the correlations: they have no sign. Throws
 * `shape-mismatch` for lists of unequal length, `numbers-invalid` for numbers that are not finite.
 */
export function measureAgreement(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
  options: AgreementOptions,
): Agreement {
  return agreementOf(sampleAgreement(estimate, stated, options), options.confidence);
}

/**
 * What `agreementOf` and `advantageOf` are computed from. The same random stream gives the same resamples. Throws what
 * `measureAgreement` throws.
 */
export function sampleAgreement(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
  { random, resamples = 1000 }: AgreementOptions,
): AgreementSample {
  assertPaired(estimate, stated, ['estimate', 'stated']);
  const words: Ranked = {
    estimates: Float64Array.from(estimate),
    stated: Float64Array.from(stated),
    estimateRanks: competitionRanks(estimate),
    statedRanks: competitionRanks(stated),
  };
  return {
    words: stated.length,
    signed: words.stated.filter((value) => value !== 0).length,
    samples: drawBootstraps(names, (indices) => figures(words, indices), {
      items: stated.length,
      resamples,
      random: random.fork('bootstrap over words'),
    }),
  };
}

interface Ranked {
  readonly estimates: Float64Array;
  readonly stated: Float64Array;
  readonly estimateRanks: Int32Array;
  readonly statedRanks: Int32Array;
}

/** Every measure over the words at `indices`. Runs for every resample: ranks are derived from those of all words. */
function figures(words: Ranked, indices: Int32Array): Record<Name, number | undefined> {
  const n = indices.length;
  const estimates = pick(words.estimates, indices);
  const stated = pick(words.stated, indices);
  const limit = words.estimates.length;
  const x = countedRanks(pickRanks(words.estimateRanks, indices), limit);
  const y = countedRanks(pickRanks(words.statedRanks, indices), limit);
  const signed = everyWord(n).filter((i) => stated[i] !== 0);
  const ofSigned = signed.length === n ? x : countedRanks(pickRanks(x, signed), n);
  return {
    tauB: tauOfRanks(x, y),
    spearman: pearsonCoefficient(averageOfCompetition(x), averageOfCompetition(y)),
    pearson: pearsonCoefficient(estimates, stated),
    signAccuracy: signAccuracy(estimates, stated),
    auroc: aurocOfRanks(
      averageOfCompetition(ofSigned),
      pick(stated, signed).map((value) => (value > 0 ? 1 : 0)),
    ),
  };
}

const everyWord = (n: number): Int32Array => new Int32Array(n).map((_, i) => i);

const pickRanks = (from: Int32Array, indices: Int32Array): Int32Array =>
  indices.map((i) => from[i] as number);

/** Value, interval and number of words of every measure; `interval` may keep the resamples that it is read from. */
export function agreementOf(
  { samples, words, signed }: AgreementSample,
  confidence = 0.95,
  interval: typeof intervalOf = intervalOf,
): Agreement {
  return ofEach((name): AgreementMeasure => {
    const n = correlations.has(name) ? words : signed;
    return {
      value: samples[name].value ?? null,
      interval: interval(samples[name], confidence) ?? null,
      n,
    };
  });
}

/**
 * The advantage of the first agreement over the second, whose words and resamples must be the same; the intervals keep
 * the resamples.
 */
export function advantageOf(
  a: AgreementSample,
  b: AgreementSample,
  confidence = 0.95,
): AgreementAdvantages {
  return ofEach((name): AgreementAdvantage => {
    const difference = differenceOf(a.samples[name], b.samples[name]);
    const interval = tracedInterval(difference, confidence) ?? null;
    return { value: difference.value ?? null, interval, matched: interval && !(interval.low > 0) };
  });
}

const ofEach = <T>(make: (name: Name) => T): Record<Name, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;

/** The items at `indices`. */
function pick(from: Float64Array, indices: Int32Array): Float64Array {
  const picked = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) picked[i] = from[indices[i] as number] as number;
  return picked;
}
