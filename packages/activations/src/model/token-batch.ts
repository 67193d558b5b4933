import { FeedprintError } from '@feedprint/core';
import type { ModelInfo, TokenRows } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import { NOWHERE } from '../architectures/positions.ts';

/** Token rows packed one after another, with the padded rectangle in which attention sees them. */
export interface TokenBatch {
  readonly batch: number;
  readonly length: number;
  /** `[positions]`. */
  readonly ids: Int32Array;
  /** Position of each token in its text, `[positions]`. */
  readonly position: Int32Array;
  /** Packed row of each place of the rectangle, 0 where there is none, `[batch, length]`. */
  readonly slots: Int32Array;
  /** Place in the rectangle of each packed row, `[positions]`. */
  readonly kept: Int32Array;
  /** Packed row of each text's last token, `[batch]`. */
  readonly last: Int32Array;
  /** Token after each position, 0 after a row's last, `[positions]`. */
  readonly next: Int32Array;
}

/**
 * Packs rows; row `r` begins at position `starts[r]` of its text, by default at 0. Throws `shape-mismatch` for no rows,
 * for empty or too long ones, and for ids outside the vocabulary.
 */
export function packRows(
  rows: TokenRows,
  info: ModelInfo,
  starts: ArrayLike<number> = new Int32Array(rows.length),
): TokenBatch {
  if (rows.length === 0) throw mismatch('there are no rows to run', 'pass at least one text');
  const length = rows.reduce((longest, tokens) => Math.max(longest, tokens.length), 0);
  const total = rows.reduce((sum, tokens) => sum + tokens.length, 0);
  const batch: TokenBatch = {
    batch: rows.length,
    length,
    ids: new Int32Array(total),
    position: new Int32Array(total),
    slots: new Int32Array(rows.length * length),
    kept: new Int32Array(total),
    last: new Int32Array(rows.length),
    next: new Int32Array(total),
  };
  let at = 0;
  rows.forEach((tokens, r) => {
    if (tokens.length === 0) throw mismatch(`row ${r} has no token`, 'leave out empty texts');
    const start = starts[r] as number;
    if (start + tokens.length > info.contextLength) {
      throw mismatch(
        `a row of ${start + tokens.length} tokens is longer than the context of ${info.contextLength}`,
        'cut it',
      );
    }
    for (let t = 0; t < tokens.length; t++, at++) {
      const id = tokens[t] as number;
      checkToken(id, info);
      batch.ids[at] = id;
      batch.position[at] = start + t;
      batch.slots[r * length + t] = at;
      batch.kept[at] = r * length + t;
      batch.next[at] = tokens[t + 1] ?? 0;
    }
    batch.last[r] = at - 1;
  });
  return batch;
}

/** Inputs of a forward pass over the batch, as `ForwardInputs` names them, and `last` and `next`. */
export function batchFeeds(packed: TokenBatch): Record<string, Value> {
  const { batch, length, ids, position, slots, kept, last, next } = packed;
  const keys = new Int32Array(batch * length).fill(NOWHERE);
  kept.forEach((place, i) => (keys[place] = position[i] as number));
  return {
    ids: { data: ids, shape: [ids.length] },
    position: { data: position, shape: [ids.length] },
    slots: { data: slots, shape: [batch, 1, length] },
    places: { data: BigInt64Array.from(slots, (_, i) => BigInt(i)), shape: [batch, length] },
    kept: { data: kept, shape: [ids.length] },
    queryPositions: { data: keys, shape: [batch, 1, 1, length, 1] },
    keyPositions: { data: keys, shape: [batch, 1, 1, 1, length] },
    last: { data: last, shape: [batch] },
    next: { data: next, shape: [ids.length, 1] },
  };
}

/** Throws `shape-mismatch` for an id outside the vocabulary. */
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
