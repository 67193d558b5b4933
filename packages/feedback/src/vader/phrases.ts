import { degreeOf } from './boosters.ts';
import type { SentenceWord } from './sentence.ts';

/** Phrases that do not mean what their words do, and their valence. */
const special: ReadonlyMap<string, number> = new Map([
  ['the shit', 3],
  ['the bomb', 3],
  ['bad ass', 1.5],
  ['bus stop', 0],
  ['yeah right', -2],
  ['kiss of death', -1.5],
  ['to die for', 3],
  ['beating heart', 3.5],
]);

/**
 * Where a phrase may be, relative to the word: those at or before it (the first found counts), then those from it on.
 */
const endings = [
  [-1, 0],
  [-2, 0],
  [-2, -1],
  [-3, -1],
  [-3, -2],
] as const;
const beginnings = [
  [0, 1],
  [0, 2],
] as const;
const degreePlaces = [
  [-3, -1],
  [-3, -2],
  [-2, -1],
] as const;

/**
 * The valence of the word at `at` (3 or more), set by a special phrase around it, and weakened by "kind of" and the
 * like before it.
 */
export function phraseValence(words: readonly SentenceWord[], at: number, valence: number): number {
  const phrase = ([from, to]: readonly [number, number]): string =>
    words
      .slice(at + from, at + to + 1)
      .map(({ lower }) => lower)
      .join(' ');
  const ending = endings.map(phrase).find((text) => special.has(text));
  const beginning = beginnings.map(phrase).findLast((text) => special.has(text));
  const set = special.get(beginning ?? ending ?? '') ?? valence;
  return degreePlaces.map(phrase).reduce((sum, text) => sum + degreeOf(text), set);
}
