import { createRandom } from '@feedprint/core';
import type { AuditStatistics } from '@feedprint/core';
import { measureAgreement } from './agreement.ts';
import { attribute } from './attribution.ts';
import { compareAgreement, knownWords } from './compare-agreement.ts';
import { attributeChange } from './change-attribution.ts';
import { findDiscrepancies, fitStatedLine } from './discrepancies.ts';
import { findFeatureDiscrepancies } from './feature-discrepancies.ts';
import { findReplyDiscrepancies } from './find-reply-discrepancies.ts';
import { impliedReward } from './implied-reward.ts';
import { residualContradictions } from './residual-contradictions.ts';
import { tracedInterval } from './statistics/bca.ts';
import { drawBootstrap } from './statistics/bootstrap.ts';
import { fisherExact } from './statistics/fisher-exact.ts';

export interface AuditStatisticsOptions {
  /** Bootstrap resamples behind each interval. Default 500. */
  readonly resamples?: number;
}

/** The default statistics of an audit. */
export function createAuditStatistics({
  resamples = 500,
}: AuditStatisticsOptions = {}): AuditStatistics {
  return {
    impliedReward,
    discrepancies: (words) => findDiscrepancies(words),
    statedLine: fitStatedLine,
    replies: findReplyDiscrepancies,
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
