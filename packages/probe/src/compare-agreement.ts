import { createRandom } from '@feedprint/core';
import { advantageOf, agreementOf, sampleAgreement } from './agreement.ts';
import type { Agreement, AgreementAdvantages, AgreementSample } from './agreement.ts';
import { tracedInterval } from './statistics/bca.ts';

/** Estimates, NaN where there is none, and the stated feedback that they are judged by; one of each per word. */
export interface Judged {
  readonly estimates: ArrayLike<number>;
  readonly stated: ArrayLike<number>;
}

export interface Comparison {
  readonly agreement: Agreement;
  /** In the controls' order. */
  readonly controls: readonly {
    readonly agreement: Agreement;
    /** Estimator minus control. */
    readonly advantage: AgreementAdvantages;
  }[];
}

const CONFIDENCE = 0.95;

export interface ComparisonOptions {
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Agreement of an estimator and of each of its controls, and the estimator's advantage over the control: a paired
 * bootstrap, with both figures over the same resamples of the words for which both have an estimate. The intervals keep
 * the resamples.
 */
export function compareAgreement(
  estimator: Judged,
  controls: readonly Judged[],
  { seed, resamples }: ComparisonOptions,
): Comparison {
  const sample = ({ estimates, stated }: Judged, words: readonly number[]): AgreementSample =>
    sampleAgreement(
      words.map((i) => estimates[i] as number),
      words.map((i) => stated[i] as number),
      { random: createRandom(seed), resamples },
    );
  const own = knownWords(estimator);
  const sampled = sample(estimator, own);
  return {
    agreement: agreementOf(sampled, CONFIDENCE, tracedInterval),
    controls: controls.map((control) => {
      const known = knownWords(control);
      const judged = sample(control, known);
      const both = known.filter((i) => !Number.isNaN(estimator.estimates[i]));
      const advantage = advantageOf(
        both.length === own.length ? sampled : sample(estimator, both),
        both.length === known.length ? judged : sample(control, both),
      );
      return { agreement: agreementOf(judged, CONFIDENCE, tracedInterval), advantage };
    }),
  };
}

/** Words that have an estimate. */
export const knownWords = ({ estimates }: Pick<Judged, 'estimates'>): number[] =>
  Array.from(estimates, (_, i) => i).filter((i) => !Number.isNaN(estimates[i]));
