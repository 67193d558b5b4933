import { rateOf } from './rate.ts';
import type { Rate } from './rate.ts';

/** A word whose feedback was reversed, and what was expected of the judge. */
export interface ReversedWord {
  /** Probability with which it says that it flags a reversal of this word. */
  readonly power: number;
  readonly flagged: boolean;
}

/** Words whose reversal the judge says it sees about equally often. */
export interface PowerBin {
  readonly from: number;
  readonly to: number;
  /** Mean power: the recall that the judge promises. `null` for no words. */
  readonly promised: number | null;
  /** How many it flagged. */
  readonly recall: Rate;
}

const BINS = 4;

/**
 * Recall against the strength with which the judge expects to see a reversal: quarters of the power, the last with 1. A judge that knows
 * itself has the recall that it promises.
 */
export const recallByPower = (words: readonly ReversedWord[]): PowerBin[] =>
  Array.from({ length: BINS }, (_, bin) => {
    const own = words.filter(({ power }) => Math.min(BINS - 1, Math.floor(power * BINS)) === bin);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      promised:
        own.length === 0 ? null : own.reduce((sum, { power }) => sum + power, 0) / own.length,
      recall: rateOf(own.filter(({ flagged }) => flagged).length, own.length),
    };
  });
