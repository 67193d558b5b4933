import { quantileOfSorted } from '../statistics/quantiles.ts';
import type { Interval } from '../statistics/interval.ts';

/** Least shares of the shift through activations. */
const LEAST = { necessity: 0.5, sufficiency: 0.3 } as const;
/** Quantile of the random subspaces that is to be exceeded. */
const QUANTILE = 0.99;
/** Most KL, as a share of the random subspaces' least at the same effect. */
const MOST_KL = 0.5;

/** A share of the shift in both directions: undone in the tuned model, and obtained in the base. */
export interface Shares {
  readonly necessity: number;
  readonly sufficiency: number;
}

/** What was measured of a subspace, and of random ones. */
export interface CauseEvidence extends Shares {
  /**
   * What holding the component at one value does in the tuned model less what it does in the base, as a share; null if there was no
   * interval.
   */
  readonly difference: Interval | null;
  /** The subspace on the texts that the random ones were measured on. */
  readonly beside: Shares;
  /** Families of random subspaces. */
  readonly families: readonly {
    readonly draws: readonly Shares[];
    /**
     * KL of this subspace's edit over the least KL with which one of these has the same effect, in the model where that is more; null if none
     * has it at any dose.
     */
    readonly klRatio: number | null;
  }[];
}

export type CriterionName = 'necessity' | 'sufficiency' | 'controls' | 'difference' | 'economy';

export interface Criterion {
  readonly criterion: CriterionName;
  /** What is compared with the limit; null where nothing could be measured against it. */
  readonly value: number | null;
  readonly limit: number;
  readonly passed: boolean;
}

export interface CauseVerdict {
  /** Whether all criteria are met. */
  readonly holds: boolean;
  readonly criteria: readonly Criterion[];
}

/**
 * Whether a subspace may be called a cause of the shift. All of these must hold:
 * - necessity: replacing its component in the tuned model with the base's undoes at least half of the shift through activations;
 * - sufficiency: the other way round gives the base at least 30 % of it;
 * - controls: both shares exceed the 99th percentile of every family of random subspaces, matched on the size of the edit. The value is the smaller margin;
 * - difference: holding the component at the base's mean undoes more in the tuned model than the same edit changes the base. The value is the
 *   low end of the interval;
 * - economy: it moves predictions by at most half the KL of the most economical random subspace that does as much. The value is the larger ratio
 *   of its KL to theirs; 0 where no random subspace does as much at any dose.
 */
export function judgeCause({
  necessity,
  sufficiency,
  difference,
  beside,
  families,
}: CauseEvidence): CauseVerdict {
  const margins = families.flatMap(({ draws }) => [
    beside.necessity - high(draws.map((draw) => draw.necessity)),
    beside.sufficiency - high(draws.map((draw) => draw.sufficiency)),
  ]);
  const margin = margins.length === 0 ? null : Math.min(...margins);
  const ratio = families.length === 0 ? null : Math.max(...families.map((f) => f.klRatio ?? 0));
  const low = difference?.low ?? null;
  const criteria: Criterion[] = [
    atLeast('necessity', necessity, LEAST.necessity),
    atLeast('sufficiency', sufficiency, LEAST.sufficiency),
    { criterion: 'controls', value: margin, limit: 0, passed: margin !== null && margin > 0 },
    { criterion: 'difference', value: low, limit: 0, passed: low !== null && low > 0 },
    {
      criterion: 'economy',
      value: ratio,
      limit: MOST_KL,
      passed: ratio !== null && ratio <= MOST_KL,
    },
  ];
  return { holds: criteria.every(({ passed }) => passed), criteria };
}

const atLeast = (criterion: CriterionName, value: number, limit: number): Criterion => ({
  criterion,
  value,
  limit,
  passed: value >= limit,
});

const high = (values: readonly number[]): number =>
  quantileOfSorted(Float64Array.from(values).sort(), QUANTILE);
