import { createRandom } from '@feedprint/core';
import type { Matrix, Part } from '@feedprint/core';
import { measureAgreement } from './agreement.ts';
import type { Agreement } from './agreement.ts';
import { attribute } from './attribution.ts';
import type { Attribution } from './attribution.ts';
import { compareAgreement, knownWords } from './compare-agreement.ts';
import type { Comparison, Judged } from './compare-agreement.ts';
import { judgeCause } from './causes/judge-cause.ts';
import type { CauseEvidence, CauseVerdict } from './causes/judge-cause.ts';
import { attributeChange } from './change-attribution.ts';
import type { ChangeAttribution, ChangeEvidence } from './change-attribution.ts';
import { judgeFeedback } from './feedback-verdict.ts';
import type { FeedbackEffect, FeedbackToJudge } from './feedback-verdict.ts';
import { feedbackShift, shareOfShift } from './feedback-shift.ts';
import type { FeedbackShift, ModelsToCompare, ShiftShare } from './feedback-shift.ts';
import { findFeatureDiscrepancies } from './feature-discrepancies.ts';
import type { JudgedAgainst } from './feature-controls.ts';
import type { FeatureDiscrepancy } from './feature-discrepancies.ts';
import { findTextDiscrepancies } from './find-text-discrepancies.ts';
import type { TextDiscrepancies, TextMeasure } from './find-text-discrepancies.ts';
import { impliedReward } from './implied-reward.ts';
import type { ExpectedCounts, ImpliedReward } from './implied-reward.ts';
import { residualContradictions } from './residual-contradictions.ts';
import type { Contradiction } from './residual-contradictions.ts';
import { tracedInterval } from './statistics/bca.ts';
import { drawBootstrap } from './statistics/bootstrap.ts';
import { fisherExact } from './statistics/fisher-exact.ts';
import type { Interval } from './statistics/interval.ts';

export interface Enrichment {
  readonly oddsRatio: number | null;
  readonly p: number | null;
}

/** The statistics that an audit needs, exchangeable as a whole. */
export interface AuditStatistics extends Part {
  /** Learned feedback of each word, in nats, from expected counts, with its standard error over texts. */
  impliedReward(counts: ExpectedCounts): readonly ImpliedReward[];
  /** Agreement over words with bootstrap intervals; words whose estimate is NaN are left out. */
  agreement(estimates: ArrayLike<number>, stated: ArrayLike<number>, seed: number): Agreement;
  /** Whether the feedback was learned at all. */
  judge(feedback: FeedbackToJudge): FeedbackEffect;
  /**
   * Agreement of an estimator and of each control, as in `agreement`, and the estimator's advantage over each control.
   */
  compare(estimator: Judged, controls: readonly Judged[], seed: number): Comparison;
  /**
   * How far each estimate contradicts the stated feedback, judged from the estimates alone; `null` for an estimate that
   * is NaN.
   */
  contradictions(
    estimates: ArrayLike<number>,
    stated: ArrayLike<number>,
  ): readonly (Contradiction | null)[];
  /**
   * Scores whole texts by how far their reward departs from what stated feedback and length predict; `undefined` for
   * too few texts.
   */
  texts(texts: readonly TextMeasure[]): TextDiscrepancies | undefined;
  /**
   * Attributes shifts to features: `features` `[positions, features]` where a word is predicted, `shift`
   * `[positions, words]` the tuned model's probability of each word there minus the base's.
   */
  attribute(features: Matrix, shift: Matrix): Attribution;
  /** Attributes the change of words' log-probabilities to the changes of a site's features. */
  attributeChange(evidence: ChangeEvidence): ChangeAttribution;
  /**
   * Scores every feature by how far it pushes the words that were learned against their stated feedback;
   * `contributions` `[words, features]`.
   */
  featureDiscrepancies(
    contributions: Matrix,
    words: readonly JudgedAgainst[],
    seed: number,
  ): readonly FeatureDiscrepancy[];
  /** How far two models are apart along the feedback, per context if `contexts` are given; figures per text. */
  shift(models: ModelsToCompare & { contexts?: ArrayLike<number> }, seed: number): FeedbackShift;
  /** How much of that shift an edited model shows. */
  shareOfShift(models: ModelsToCompare & { edited: ArrayLike<number> }, seed: number): ShiftShare;
  /** Whether a subspace may be called a cause of the shift. */
  judgeCause(evidence: CauseEvidence): CauseVerdict;
  /** Odds ratio and Fisher's exact p (one-sided, greater) of a 2 x 2 table [[a, b], [c, d]]. */
  enrichment(table: readonly [readonly [number, number], readonly [number, number]]): Enrichment;
  /** Mean and 95 % bootstrap interval. */
  mean(values: ArrayLike<number>, seed: number): { value: number; interval: Interval };
}

export interface AuditStatisticsOptions {
  /** Bootstrap resamples per interval. Default 500. */
  readonly resamples?: number;
}

/** The default statistics of an audit. */
export function createAuditStatistics({
  resamples = 500,
}: AuditStatisticsOptions = {}): AuditStatistics {
  return {
    name: 'bootstrap',
    settings: { resamples },
    impliedReward,
    texts: findTextDiscrepancies,
    attribute,
    attributeChange,
    featureDiscrepancies: (contributions, words, seed) =>
      findFeatureDiscrepancies(contributions, words, { seed }),
    agreement(estimates, stated, seed) {
      const known = knownWords({ estimates });
      return measureAgreement(
        known.map((i) => estimates[i] as number),
        known.map((i) => stated[i] as number),
        { random: createRandom(seed), resamples },
      );
    },
    compare: (estimator, controls, seed) =>
      compareAgreement(estimator, controls, { seed, resamples }),
    judge: judgeFeedback,
    judgeCause,
    shift: (models, seed) => feedbackShift(models, { seed, resamples }),
    shareOfShift: (models, seed) => shareOfShift(models, { seed, resamples }),
    contradictions: (estimates, stated) => residualContradictions(estimates, stated),
    enrichment(table) {
      const { oddsRatio, pGreater } = fisherExact(table);
      return { oddsRatio, p: pGreater };
    },
    mean(values, seed) {
      const of = (indices: ArrayLike<number>): number =>
        Array.from(indices).reduce((sum, i) => sum + (values[i] as number), 0) / indices.length;
      const value = of(Array.from(values, (_, i) => i));
      const sample = drawBootstrap({
        items: values.length,
        statistic: of,
        resamples,
        random: createRandom(seed),
      });
      return { value, interval: tracedInterval(sample) ?? { low: value, high: value } };
    },
  };
}
