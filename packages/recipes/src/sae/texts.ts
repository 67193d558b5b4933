import { createHash } from 'node:crypto';
import { FeedprintError } from '@feedprint/core';
import type { Random, TokenRows } from '@feedprint/core';

/** Texts by their token ids. */
export interface SaeTexts {
  /** Token ids of each text, cut to the model's context; see `encodeTexts` of `@feedprint/activations`. */
  readonly rows: TokenRows;
  /** Their name in `metrics.json` and errors: that of their file. */
  readonly name: string;
}

/** Texts that an SAE is trained on, and others that it never sees. */
export interface SplitTexts {
  readonly train: TokenRows;
  readonly heldOut: TokenRows;
}

/** Most held-out tokens that SAEs are evaluated on. */
export const HELD_OUT_TOKENS = 10_000;

/** Share of the texts, from the end, that nothing is trained on. */
const HELD_OUT = 0.1;

/** Holds out the last texts, at least one. Throws `texts-invalid` for fewer than two. */
export function holdOut({ rows, name }: SaeTexts): SplitTexts {
  if (rows.length < 2) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `${name} has ${rows.length === 1 ? 'only one text' : 'no texts'}, and some must be held out from training`,
      remedy: 'give at least two texts',
    });
  }
  const first = rows.length - Math.max(1, Math.round(HELD_OUT * rows.length));
  return { train: rows.slice(0, first), heldOut: rows.slice(first) };
}

/**
 * Whole texts, drawn at random until they have `tokens` non-special tokens, in their own order; all of them if they
 * have fewer.
 */
export function drawTexts(
  rows: TokenRows,
  tokens: number,
  special: ReadonlySet<number>,
  random: Random,
): TokenRows {
  const order = random.shuffle(Int32Array.from(rows.keys()));
  const drawn = new Set<number>();
  let count = 0;
  for (const t of order) {
    if (count >= tokens) break;
    count += Array.from(rows[t] ?? []).reduce((sum, id) => sum + (special.has(id) ? 0 : 1), 0);
    drawn.add(t);
  }
  return rows.filter((_, t) => drawn.has(t));
}

/** SHA-256 of token ids and where the texts end. */
export function textsFingerprint(rows: TokenRows): string {
  const hash = createHash('sha256');
  for (const row of rows) {
    hash.update(new Uint8Array(Int32Array.of(row.length).buffer));
    hash.update(new Uint8Array(Int32Array.from(row).buffer));
  }
  return hash.digest('hex');
}
