import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { WordEvidence } from '@feedprint/probe';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { ModelRole } from '../model-role.ts';
import { driftOf } from './drift.ts';

/** How often two models expect tokens of the same texts. */
export interface Counts {
  /** Each scored word in each text, `[texts, words]`. */
  readonly words: Readonly<Record<ModelRole, Matrix>>;
  /** Each unscored token. */
  readonly unscored: Readonly<Record<ModelRole, ArrayLike<number>>>;
  /** Number of positions that a token follows. */
  readonly contexts: number;
}

export const capturedCounts = ({ rows }: AuditContext, captured: Captured): Counts => ({
  words: captured.expectedCounts(),
  unscored: captured.unscoredCounts(),
  contexts: rows.reduce((sum, text) => sum + text.length - 1, 0),
});

/** What a placebo says of the words, with the base on the same texts. */
export function placeboCounts({ words }: AuditContext, base: Matrix, placebo: Matrix): Counts {
  const scored = (all: Matrix): Matrix => {
    const own = matrix(all.rows, words.length);
    for (let t = 0; t < all.rows; t++) row(own, t).set(row(all, t).subarray(0, words.length));
    return own;
  };
  const unscored = (all: Matrix): Float64Array => {
    const sums = new Float64Array(all.columns - words.length);
    for (let t = 0; t < all.rows; t++) {
      row(all, t)
        .subarray(words.length)
        .forEach((value, i) => (sums[i] = (sums[i] as number) + value));
    }
    return sums;
  };
  return {
    words: { base: scored(base), tuned: scored(placebo) },
    unscored: { base: unscored(base), tuned: unscored(placebo) },
    contexts: base.rows,
  };
}

/** What is measured about each scored word. */
export function wordEvidence(context: AuditContext, counts: Counts): WordEvidence[] {
  const { words, parts, occurrences } = context;
  const implied = parts.statistics.impliedReward(counts.words);
  const drift = driftOf(context, counts.unscored);
  return words.map(({ id, word, stated }, i) => {
    const reward = known(implied[i], word);
    return {
      word,
      token: id,
      stated,
      ...reward,
      n: occurrences[i] as number,
      drift: drift[i] as number,
      baseLogProb: Math.log(reward.expectedCount / counts.contexts),
    };
  });
}
