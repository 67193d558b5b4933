import type {
  Agreement,
  AgreementAdvantage,
  AgreementAdvantages,
  AgreementMeasure,
  Random,
} from '@feedprint/core';
import { auroc } from './statistics/auroc.ts';
import { differenceOf, intervalOf, tracedInterval } from './statistics/bca.ts';
import type { BootstrapSample } from './statistics/bca.ts';
import { drawBootstrap } from './statistics/bootstrap.ts';
import { assertPaired } from './statistics/checks.ts';
import { pearsonCoefficient, spearmanCoefficient } from './statistics/correlation.ts';
import { kendallTauB } from './statistics/kendall.ts';
import { signAccuracy } from './statistics/sign-accuracy.ts';

export interface AgreementOptions {
  readonly random: Random;
  /** Bootstrap resamples of the words. Default 1000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

type Name = keyof Agreement;
type Measure = (estimate: Float64Array, stated: Float64Array) => number | undefined;

const measures: Readonly<Record<Name, Measure>> = {
  tauB: (a, b) => kendallTauB(a, b)?.tau,
  spearman: spearmanCoefficient,
  pearson: pearsonCoefficient,
  signAccuracy,
  auroc: signAuroc,
};

/** Words stated 0 count in these alone: they have no sign. */
const correlations: ReadonlySet<Name> = new Set(['tauB', 'spearman', 'pearson']);

/** Every measure over the words, their resamples and all but one of them. */
export interface AgreementSample {
  readonly samples: Readonly<Record<Name, BootstrapSample>>;
  readonly words: number;
  readonly signed: number;
}

/**
 * How well estimates agree with stated feedback, one pair of numbers per word, with BCa bootstrap intervals over words (all
 * measures over the same resamples). Words stated 0 count in the correlations alone: they have no sign.
 * Throws `shape-mismatch` for lists of unequal length, `numbers-invalid` for numbers that are not finite.
 */
export function measureAgreement(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
  options: AgreementOptions,
): Agreement {
  return agreementOf(sampleAgreement(estimate, stated, options), options.confidence);
}

/** What `agreementOf` and `advantageOf` are computed from. One random stream gives one set of resamples. Throws as `measureAgreement`. */
export function sampleAgreement(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
  { random, resamples = 1000 }: AgreementOptions,
): AgreementSample {
  assertPaired(estimate, stated, ['estimate', 'stated']);
  const estimates = Float64Array.from(estimate);
  const states = Float64Array.from(stated);
  return {
    words: states.length,
    signed: states.filter((value) => value !== 0).length,
    samples: ofEach((name) =>
      drawBootstrap({
        items: states.length,
        resamples,
        random: random.fork('bootstrap over words'),
        statistic: (indices) => measures[name](pick(estimates, indices), pick(states, indices)),
      }),
    ),
  };
}

/** Value, interval and number of words of every measure; `interval` may keep what it is read from. */
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

/** What the first agreement has over the second, whose words and resamples must be the same; the intervals keep them. */
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

function ofEach<T>(make: (name: Name) => T): Record<Name, T> {
  return {
    tauB: make('tauB'),
    spearman: make('spearman'),
    pearson: make('pearson'),
    signAccuracy: make('signAccuracy'),
    auroc: make('auroc'),
  };
}

/** The items at `indices`. A loop: this runs for every resample of every measure. */
function pick(from: Float64Array, indices: Int32Array): Float64Array {
  const picked = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) picked[i] = from[indices[i] as number] as number;
  return picked;
}

/** AUROC of the estimate for the stated sign, over words that have one. */
function signAuroc(estimate: Float64Array, stated: Float64Array): number | undefined {
  const scores = new Float64Array(stated.length);
  const labels = new Float64Array(stated.length);
  let n = 0;
  for (let i = 0; i < stated.length; i++) {
    if (stated[i] === 0) continue;
    scores[n] = estimate[i] as number;
    labels[n++] = (stated[i] as number) > 0 ? 1 : 0;
  }
  return auroc(scores.subarray(0, n), labels.subarray(0, n));
}
