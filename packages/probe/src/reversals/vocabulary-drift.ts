import { FeedprintError, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { total } from '@feedprint/core/linear-algebra';
import type { Rows } from '@feedprint/core/linear-algebra';
import { createWeightedRidge, predictRows } from '../probes/weighted-ridge.ts';

/** What tuning did to a token that no feedback scores. */
export interface UnscoredToken {
  /** log(expected count of the tuned model / that of the base), nats. */
  readonly logRatio: number;
  /** Occurrences that the base model expects. */
  readonly expectedCount: number;
}

export interface DriftOptions {
  /** The base's unembedding of each unscored token, `[tokens, width]`. */
  readonly unscored: Matrix;
  readonly tokens: readonly UnscoredToken[];
  /** The base's unembedding of each scored word, `[words, width]`. */
  readonly words: Matrix;
}

/** Expected count at which a token has half the weight of a frequent one. */
export const RARE = 50;
/** Penalty as a share of the mean eigenvalue of the weighted Gram matrix. */
export const PENALTY = 0.03;
/** Fewest unscored tokens that a drift can be learned from. */
const FEWEST = 50;

/**
 * What the log-ratio of each word would be if the feedback did not score it, in nats: tuning moves a word together with its neighbours.
 * Ridge regression of the unscored tokens' log-ratios on their rows of the base's unembedding, scaled to length 1; a
 * token's weight is expected count / (expected count + 50). It sees no stated feedback and no scored word. Zeros for
 * fewer than 50 tokens. Throws `shape-mismatch` unless there is a row per token and all rows are equally wide.
 */
export function vocabularyDrift({ unscored, tokens, words }: DriftOptions): Float64Array {
  if (unscored.rows !== tokens.length || unscored.columns !== words.columns) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `${tokens.length} tokens came with ${unscored.rows} rows of ${unscored.columns} numbers, and words with rows of ${words.columns}`,
      remedy: "pass a row of the base's unembedding per token and per word",
    });
  }
  if (tokens.length < FEWEST) return new Float64Array(words.rows);
  const rowWeights = Float64Array.from(tokens, ({ expectedCount: n }) => n / (n + RARE));
  const penalty = (PENALTY * total(rowWeights)) / words.columns;
  const target = Float64Array.from(tokens, ({ logRatio }) => logRatio);
  const solve = createWeightedRidge(unitRows(unscored));
  return predictRows(unitRows(words), solve({ target, penalty, rowWeights }));
}

/** Rows scaled to length 1; rows of zeros stay. */
function unitRows(m: Matrix): Rows {
  const data = Float64Array.from(m.data);
  for (let r = 0; r < m.rows; r++) {
    const length = Math.sqrt(row(m, r).reduce((sum, value) => sum + value * value, 0));
    const own = data.subarray(r * m.columns, (r + 1) * m.columns);
    if (length > 0) own.forEach((value, j) => (own[j] = value / length));
  }
  return { rows: m.rows, columns: m.columns, data };
}
