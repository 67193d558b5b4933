import type { Agreement, AgreementMeasure, Random } from '@feedprint/core';
import { auroc } from './statistics/auroc.ts';
import { bootstrapInterval } from './statistics/bootstrap.ts';
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

type Measure = (estimate: Float64Array, stated: Float64Array) => number | undefined;

/**
 * How well estimates agree with stated feedback, one pair of numbers per word, with bootstrap intervals over words (all
 * measures over the same resamples). Words stated 0 count in the correlations alone: they have no sign.
 * Throws `shape-mismatch` for lists of unequal length, `numbers-invalid` for numbers that are not finite.
 */
export function measureAgreement(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
  options: AgreementOptions,
): Agreement {
  assertPaired(estimate, stated, ['estimate', 'stated']);
  const estimates = Float64Array.from(estimate);
  const states = Float64Array.from(stated);
  const signed = states.filter((value) => value !== 0).length;
  const over = (n: number, measure: Measure): AgreementMeasure =>
    withInterval(measure, n, estimates, states, options);
  return {
    tauB: over(states.length, (a, b) => kendallTauB(a, b)?.tau),
    spearman: over(states.length, spearmanCoefficient),
    pearson: over(states.length, pearsonCoefficient),
    signAccuracy: over(signed, signAccuracy),
    auroc: over(signed, signAuroc),
  };
}

function withInterval(
  measure: Measure,
  n: number,
  estimate: Float64Array,
  stated: Float64Array,
  { random, resamples = 1000, confidence = 0.95 }: AgreementOptions,
): AgreementMeasure {
  const value = measure(estimate, stated);
  if (value === undefined) return { value: null, interval: null, n };
  const a = new Float64Array(stated.length);
  const b = new Float64Array(stated.length);
  const interval = bootstrapInterval({
    items: stated.length,
    resamples,
    confidence,
    random: random.fork('bootstrap over words'),
    statistic: (indices) => {
      for (let i = 0; i < indices.length; i++) {
        a[i] = estimate[indices[i] as number] as number;
        b[i] = stated[indices[i] as number] as number;
      }
      return measure(a, b);
    },
  });
  return { value, interval: interval ?? null, n };
}

/** AUROC of the estimate for the stated sign, over words that have one. */
function signAuroc(estimate: Float64Array, stated: Float64Array): number | undefined {
  return auroc(
    estimate.filter((_, i) => stated[i] !== 0),
    stated.filter((value) => value !== 0).map((value) => (value > 0 ? 1 : 0)),
  );
}
