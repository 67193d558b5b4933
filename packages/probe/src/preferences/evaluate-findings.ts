import { FeedprintError } from '@feedprint/core';
import { auroc } from '../statistics/auroc.ts';
import type { PairFinding } from './preference-analysis.ts';

/** How well the findings identify the labels that the tuner flipped; for evaluation only. */
export interface PairTruth {
  readonly split: string;
  readonly n: number;
  readonly turned: number;
  /** AUROC of the contradiction score, of the margin alone and of the words' part, for finding the flipped labels. */
  readonly auroc: number | null;
  readonly aurocOfMargin: number | null;
  readonly aurocOfWords: number | null;
  readonly flagged: number;
  /** Share of the flagged pairs whose label was flipped. */
  readonly precision: number | null;
  /** Share of the flipped pairs that are flagged. */
  readonly recall: number | null;
  /** Accuracy of the margin on the labels that the tuner used. */
  readonly accuracyOnTrained: number | null;
}

/**
 * Judges findings by what is known about the tuner's labels, over all pairs and each split; pairs about which nothing
 * is known are left out, and the result is empty if nothing is known at all. No finding depends on it. Throws
 * `shape-mismatch`.
 */
export function evaluateFindings(
  pairs: readonly PairFinding[],
  agrees: readonly (boolean | undefined)[],
  splits: ReadonlyMap<string, Int32Array>,
): PairTruth[] {
  if (agrees.length !== pairs.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `${pairs.length} pairs came with ${agrees.length} known labels`,
      remedy: 'pass one per pair, undefined if it is not known',
    });
  }
  const all = new Map([['all', Int32Array.from(pairs.keys())], ...splits]);
  return [...all].flatMap(([split, indices]) => {
    const known = [...indices].filter((i) => agrees[i] !== undefined);
    return known.length === 0
      ? []
      : [
          evaluate(
            split,
            known.map((i) => pairs[i] as PairFinding),
            known.map((i) => agrees[i] as boolean),
          ),
        ];
  });
}

function evaluate(
  split: string,
  pairs: readonly PairFinding[],
  agrees: readonly boolean[],
): PairTruth {
  const turned = agrees.map((agree) => (agree ? 0 : 1));
  const count = (wanted: (pair: PairFinding, i: number) => boolean): number =>
    pairs.filter(wanted).length;
  const flagged = count((pair) => pair.flagged);
  const all = count((_, i) => turned[i] === 1);
  const hits = count((pair, i) => pair.flagged && turned[i] === 1);
  const by = (value: (pair: PairFinding) => number): number | null =>
    auroc(pairs.map(value), turned) ?? null;
  const won = pairs.reduce((sum, { margin }, i) => {
    const wanted = turned[i] === 1 ? -margin : margin;
    return sum + (wanted > 0 ? 1 : wanted === 0 ? 0.5 : 0);
  }, 0);
  return {
    split,
    n: pairs.length,
    turned: all,
    auroc: by(({ score }) => score),
    aurocOfMargin: by(({ margin }) => -margin),
    aurocOfWords: by(({ learned }) => -learned),
    flagged,
    precision: flagged === 0 ? null : hits / flagged,
    recall: all === 0 ? null : hits / all,
    accuracyOnTrained: won / pairs.length,
  };
}
