import { FeedprintError, createRandom } from '@feedprint/core';
import type { TokenRows } from '@feedprint/core';

export interface TextStreamOptions {
  /** Tokens that are not rows. */
  readonly special: ReadonlySet<number>;
  readonly batchRows: number;
  readonly seed: number;
}

/**
 * Endless batches of texts with an exact number of tokens, special ones not counted: whole texts, in a new random order
 * each pass; the last text of a batch is cut after the last token that is needed from it. Throws `texts-invalid` for texts
 * without a row.
 */
export function* textStream(
  texts: TokenRows,
  { special, batchRows, seed }: TextStreamOptions,
): Generator<TokenRows, never> {
  if (!texts.some((text) => Array.from(text).some((id) => !special.has(id)))) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: 'the texts contain no token to train on',
      remedy: 'give more or longer texts',
    });
  }
  const random = createRandom(seed);
  let batch: ArrayLike<number>[] = [];
  let wanted = batchRows;
  for (let pass = 0; ; pass++) {
    for (const t of random.fork(`pass ${pass}`).shuffle(Int32Array.from(texts.keys()))) {
      const text = texts[t] as ArrayLike<number>;
      const { end, rows } = cut(text, special, wanted);
      if (rows === 0) continue;
      batch.push(end < text.length ? Array.from(text).slice(0, end) : text);
      wanted -= rows;
      if (wanted > 0) continue;
      yield batch;
      [batch, wanted] = [[], batchRows];
    }
  }
}

/** Where a text's first `wanted` rows end, and how many rows it has up to there. */
function cut(
  text: ArrayLike<number>,
  special: ReadonlySet<number>,
  wanted: number,
): { readonly end: number; readonly rows: number } {
  let rows = 0;
  for (let end = 0; end < text.length; end++) {
    if (rows === wanted) return { end, rows };
    if (!special.has(text[end] as number)) rows++;
  }
  return { end: text.length, rows };
}
