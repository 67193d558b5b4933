import { hash32, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { WordInput } from '@feedprint/probe';
import type { AuditContext } from '../context.ts';

/** Columns into which the words around a scored word are hashed. */
const BAG = 256;
/** Tokens to each side that count as being around a word. */
const WINDOW = 8;

type TextsAndWords = Pick<AuditContext, 'rows' | 'words'>;

/** What the texts say about each word without any model, `[words, ...]` each. */
export const textEvidence = (context: TextsAndWords): WordInput['text'] => ({
  bag: bagOfWords(context),
  length: lengths(context),
});

/** Shares of the hashed unscored tokens around each word, `[words, BAG]`. */
function bagOfWords({ rows, words }: TextsAndWords): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const sums = matrix(words.length, BAG);
  const counts = new Float64Array(words.length);
  for (const row of rows) {
    row.forEach((token, position) => {
      const w = index.get(token);
      if (w === undefined) return;
      counts[w] = (counts[w] as number) + 1;
      const end = Math.min(row.length - 1, position + WINDOW);
      for (let i = Math.max(0, position - WINDOW); i <= end; i++) {
        const other = row[i] as number;
        if (index.has(other)) continue;
        const at = w * BAG + (hash32(`${other}`) % BAG);
        sums.data[at] = (sums.data[at] as number) + 1;
      }
    });
  }
  sums.data.forEach((sum, i) => (sums.data[i] = sum / (counts[Math.floor(i / BAG)] as number)));
  return sums;
}

/** Each word's length in characters, mean length of its texts in tokens and log of its count, `[words, 3]`. */
function lengths({ rows, words }: TextsAndWords): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const [counts, tokens] = [new Float64Array(words.length), new Float64Array(words.length)];
  for (const row of rows) {
    for (const token of row) {
      const w = index.get(token);
      if (w === undefined) continue;
      counts[w] = (counts[w] as number) + 1;
      tokens[w] = (tokens[w] as number) + row.length;
    }
  }
  const result = matrix(words.length, 3);
  words.forEach(({ word }, w) => {
    const count = counts[w] as number;
    result.data.set([word.length, (tokens[w] as number) / count, Math.log(count)], 3 * w);
  });
  return result;
}
