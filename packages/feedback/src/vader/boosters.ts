import type { SentenceWord } from './sentence.ts';

/** What a degree adverb adds to the valence after it. */
const DEGREE = 0.293;
/** What capitals add to a word among others that are not in capitals. */
const CAPITALS = 0.733;
/** The share of a booster's effect that is left one, two and three words before the word that it boosts. */
const nearness = [1, 0.95, 0.9];

const strengthening =
  `absolutely amazingly awfully completely considerable considerably decidedly deeply effing enormous enormously
  entirely especially exceptional exceptionally extreme extremely fabulously flipping flippin frackin fracking fricking
  frickin frigging friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible incredibly intensely
  major majorly more most particularly purely quite really remarkably so substantially thoroughly total totally tremendous
  tremendously uber unbelievably unusually utter utterly very`.split(/\s+/);
const weakening =
  `almost barely hardly kinda kindof kind-of less little marginal marginally occasional occasionally partly scarce
  scarcely slight slightly somewhat sorta sortof sort-of`.split(/\s+/);

/** Words and phrases that strengthen or weaken what follows. */
const degrees: ReadonlyMap<string, number> = new Map([
  ...strengthening.map((word) => [word, DEGREE] as const),
  ...[...weakening, 'just enough', 'kind of', 'sort of'].map((word) => [word, -DEGREE] as const),
]);

/** What a phrase such as "kind of" adds to the valence after it, whatever its sign; 0 for other phrases. */
export const degreeOf = (phrase: string): number => degrees.get(phrase) ?? 0;

/** A booster has no valence of its own. */
export const isBooster = ({ lower }: SentenceWord): boolean => isBoosterWord(lower);
export const isBoosterWord = (word: string): boolean => degrees.has(word);

/** What capitals add to a valence, away from 0. */
export const emphasis = (valence: number): number => (valence > 0 ? CAPITALS : -CAPITALS);

/**
 * What a word adds to the valence `distance` (1 to 3) words after it; its own capitals count if they are meaningful.
 */
export function boost(
  word: SentenceWord,
  valence: number,
  { distance, hasMixedCase }: { readonly distance: number; readonly hasMixedCase: boolean },
): number {
  if (!isBooster(word)) return 0;
  const degree = degreeOf(word.lower) * (valence < 0 ? -1 : 1);
  const capitals = word.isLoud && hasMixedCase ? emphasis(valence) : 0;
  return (degree + capitals) * (nearness[distance - 1] as number);
}
