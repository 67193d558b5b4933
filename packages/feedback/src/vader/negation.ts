import type { SentenceWord } from './sentence.ts';

/** Factors for negation, and for "never so" and "never this". */
const NEGATED = -0.74;
const NEVER_SO = 1.25;

const negators: ReadonlySet<string> = new Set(
  `aint arent cannot cant couldnt darent didnt doesnt dont hadnt hasnt havent isnt mightnt mustnt neednt oughtnt shant
  shouldnt wasnt werent wont wouldnt neither never none nope nor not nothing nowhere uhuh uh-uh without rarely seldom
  despite`.split(/\s+/),
);

export const isNegator = (word: string): boolean => negators.has(word) || word.includes("n't");
const isSo = (word: string | undefined): boolean => word === 'so' || word === 'this';

type Words = readonly SentenceWord[];

/** Factor by which the word `distance` (1 to 3) words before `at` changes the valence at `at`. */
export function negation(words: Words, at: number, distance: number): number {
  const before = (steps: number): string | undefined => words[at - steps]?.lower;
  const word = before(distance) ?? '';
  const between = Array.from({ length: distance - 1 }, (_, i) => before(i + 1));
  // At three words' distance, the reference takes "so" and "this" next to the word for "never so", whatever precedes
  // them.
  if (distance === 2 && word === 'never' && isSo(before(1))) return NEVER_SO;
  if (distance === 3 && (isSo(before(1)) || (word === 'never' && isSo(before(2))))) return NEVER_SO;
  if (word === 'without' && between.includes('doubt')) return 1;
  return isNegator(word) ? NEGATED : 1;
}

/** Factor for "least" right before the word, which negates unless it says "at least" or "very least". */
export function leastNegation(words: Words, at: number): number {
  const before = words[at - 2]?.lower;
  const negates = words[at - 1]?.lower === 'least' && before !== 'at' && before !== 'very';
  return negates ? NEGATED : 1;
}

/**
 * A lexicon entry's valence near "no": a "no" before an entry is not an entry itself (0), and negates the next two
 * words, or the third in "no x or y".
 */
export function valenceBesideNo(
  words: Words,
  at: number,
  lexicon: ReadonlyMap<string, number>,
): number {
  const lower = (position: number): string => words[position]?.lower ?? '';
  const stated = lexicon.get(lower(at)) as number;
  const isListed = ['or', 'nor'].includes(lower(at - 1)) && lower(at - 3) === 'no';
  if (lower(at - 1) === 'no' || lower(at - 2) === 'no' || isListed) return stated * NEGATED;
  return lower(at) === 'no' && lexicon.has(lower(at + 1)) ? 0 : stated;
}
