import { FeedprintError } from '@feedprint/core';
import type { ModelInfo, TokenRows } from '@feedprint/core';

/** Token rows padded at their ends to one rectangle, with what is needed to leave the padding out again. */
export interface TokenBatch {
  readonly batch: number;
  readonly length: number;
  /** `[batch, length]`, 0 where padded. */
  readonly ids: Int32Array;
  /** Flat index of each real position, `[positions]`. */
  readonly kept: Int32Array;
  /** Position in its row of each real position. */
  readonly position: Int32Array;
  /** Index among the real positions of each row's last token, `[batch]`. */
  readonly last: Int32Array;
  /** Token after each real position, 0 after a row's last, `[positions]`. */
  readonly next: Int32Array;
}

/** Pads rows. Throws `shape-mismatch` for no rows, empty or too long ones and for ids outside the vocabulary. */
export function packRows(rows: TokenRows, info: ModelInfo): TokenBatch {
  if (rows.length === 0) throw mismatch('there is no row to run', 'pass at least one text');
  const length = rows.reduce((longest, tokens) => Math.max(longest, tokens.length), 0);
  const total = rows.reduce((sum, tokens) => sum + tokens.length, 0);
  if (length > info.contextLength) {
    throw mismatch(
      `a row of ${length} tokens is longer than the context of ${info.contextLength}`,
      'cut it',
    );
  }
  const batch: TokenBatch = {
    batch: rows.length,
    length,
    ids: new Int32Array(rows.length * length),
    kept: new Int32Array(total),
    position: new Int32Array(total),
    last: new Int32Array(rows.length),
    next: new Int32Array(total),
  };
  let at = 0;
  rows.forEach((tokens, r) => {
    if (tokens.length === 0) throw mismatch(`row ${r} has no token`, 'leave empty texts out');
    for (let t = 0; t < tokens.length; t++, at++) {
      const id = tokens[t] as number;
      checkToken(id, info);
      batch.ids[r * length + t] = id;
      batch.kept[at] = r * length + t;
      batch.position[at] = t;
      batch.next[at] = tokens[t + 1] ?? 0;
    }
    batch.last[r] = at - 1;
  });
  return batch;
}

/** Throws `shape-mismatch` for an id that is none of the vocabulary's. */
export function checkToken(id: number, { vocabularySize }: ModelInfo): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return;
  throw mismatch(
    `token id ${id} is outside the vocabulary of ${vocabularySize}`,
    "use the model's own tokenizer",
  );
}

function mismatch(message: string, remedy: string): FeedprintError {
  return new FeedprintError({ code: 'shape-mismatch', message, remedy });
}
