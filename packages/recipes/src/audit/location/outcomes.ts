import type { Matrix } from '@feedprint/core';
import { expectedFeedback, feedbackSlope } from '@feedprint/probe';
import type { AuditStatistics, ShiftShare } from '@feedprint/probe';
import type { LocationReport } from '@feedprint/report/chapters/location';
import type { Exchanged } from './located.ts';

/** What a model says along the feedback in each text, and how often it expects each scored word. */
export type Outcome = Exchanged['outcome'];

export function outcomeOf(counts: Matrix, base: Matrix, stated: readonly number[]): Outcome {
  const words = new Array<number>(counts.columns).fill(0);
  counts.data.forEach((value, at) => {
    words[at % counts.columns] = (words[at % counts.columns] as number) + value;
  });
  return {
    expected: [...expectedFeedback({ counts, stated })],
    slope: [...feedbackSlope({ counts, base, stated })],
    words,
  };
}

/** Outcomes of a part exchanged in both directions. */
export interface BothWays {
  /** The tuned model with the base's. */
  readonly restored: Outcome;
  /** The base with the tuned model's. */
  readonly transplanted: Outcome;
}

/** The models as they are. */
export interface Ends {
  readonly base: Outcome;
  readonly tuned: Outcome;
}

type Shares = Pick<LocationReport['places'][number], 'restored' | 'transplanted'>;

/** How much of the shift each direction undoes and obtains. */
export function sharesOf(
  { base, tuned }: Ends,
  { restored, transplanted }: BothWays,
  statistics: AuditStatistics,
  seed: number,
): Shares {
  const share = (measure: 'slope' | 'expected', from: Outcome, to: Outcome, edited: Outcome) =>
    asReported(
      statistics.shareOfShift(
        { from: from[measure], to: to[measure], edited: edited[measure] },
        seed,
      ),
    );
  return {
    restored: {
      slope: share('slope', tuned, base, restored),
      expected: share('expected', tuned, base, restored),
    },
    transplanted: {
      slope: share('slope', base, tuned, transplanted),
      expected: share('expected', base, tuned, transplanted),
    },
  };
}

const asReported = ({ share, interval }: ShiftShare) => ({ value: share, interval });
