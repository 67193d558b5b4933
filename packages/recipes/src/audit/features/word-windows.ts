import type { Random } from '@feedprint/core';
import { CONTEXT } from '../estimators/triples.ts';

/** A scored word where it occurs in a text, with what comes before it. */
export interface WordWindow {
  /** Index of the word. */
  readonly word: number;
  readonly text: number;
  /** Position of the word in its text. */
  readonly position: number;
  /** Tokens up to and including the word, which is the last one; at least one comes before it. */
  readonly tokens: readonly number[];
}

export interface WindowOptions {
  readonly rows: readonly Int32Array[];
  /** Vocabulary ids of the words. */
  readonly ids: readonly number[];
  /** Tokens that are not text; one that begins a text stays at the window's beginning. */
  readonly specialIds: ReadonlySet<number>;
  readonly perWord: number;
  readonly random: Random;
}

/**
 * Occurrences of each word, drawn from all of them, each with at most 32 tokens of left context; sorted by word, then
 * by text.
 */
export function wordWindows({
  rows,
  ids,
  specialIds,
  perWord,
  random,
}: WindowOptions): WordWindow[] {
  const index = new Map(ids.map((id, word) => [id, word]));
  const places = ids.map((): { text: number; position: number }[] => []);
  rows.forEach((row, text) =>
    row.forEach((id, position) => {
      const word = index.get(id);
      if (word !== undefined && position > 0) places[word]?.push({ text, position });
    }),
  );
  return places.flatMap((all, word) =>
    random
      .fork(`word ${word}`)
      .shuffle([...all])
      .slice(0, perWord)
      .sort((a, b) => a.text - b.text || a.position - b.position)
      .map(({ text, position }) => {
        const row = rows[text] as Int32Array;
        const from = Math.max(0, position - CONTEXT);
        const first = row[0] as number;
        const begin = from > 0 && specialIds.has(first) ? [first] : [];
        const tokens = [...begin, ...row.slice(from, position + 1)];
        return { word, text, position, tokens };
      }),
  );
}
