import type { Random } from '@feedprint/core';

/**
 * What must be known of a word: its stated feedback, how often it is expected, and whether it was learned against its
 * feedback.
 */
export interface JudgedAgainst {
  readonly stated: number;
  readonly expectedCount: number;
  /** How far it moved, in any unit that all words share; null where that is not known. */
  readonly estimate: number | null;
  readonly flagged: boolean;
}

/** Number of frequency classes within which words are drawn, and the fewest words in one. */
const STRATA = 10;
const STRATUM = 20;
/** Words of like estimates that a flagged word is compared with. */
const NEAREST = 20;

/** A word, and the sign with which its push counts. */
export interface Drawn {
  readonly word: number;
  readonly sign: number;
}

export const itself = (word: number): Drawn => ({ word, sign: 1 });

/** The words in classes of equal size, by expected count. */
export function strataOf(words: readonly JudgedAgainst[], sided: readonly number[]): number[][] {
  const count = (w: number): number => words[w]?.expectedCount ?? 0;
  const ordered = [...sided].sort((a, b) => count(a) - count(b) || a - b);
  const classes = Math.max(1, Math.min(STRATA, Math.floor(ordered.length / STRATUM)));
  const strata = Array.from({ length: classes }, (): number[] => []);
  ordered.forEach((w, i) => strata[Math.floor((i * classes) / ordered.length)]?.push(w));
  return strata;
}

/** From each class, as many words as it has flagged ones, without repeats. */
export function drawWords(
  strata: readonly number[][],
  words: readonly JudgedAgainst[],
  random: Random,
): number[] {
  return strata.flatMap((stratum) => {
    const wanted = stratum.reduce((sum, w) => sum + (words[w]?.flagged ? 1 : 0), 0);
    // The first steps of a Fisher-Yates shuffle.
    for (let i = 0; i < wanted; i++) {
      const j = i + random.integer(stratum.length - i);
      [stratum[i], stratum[j]] = [stratum[j] as number, stratum[i] as number];
    }
    return stratum.slice(0, wanted);
  });
}

/**
 * A flagged word and the words that were not flagged whose estimate and log frequency, in standard deviations, are nearest to its own. A word that
 * was told the other side moved the same way by following its feedback: its push counts with the other sign.
 */
export function shiftedAlike(
  words: readonly JudgedAgainst[],
  sided: readonly number[],
  flagged: number,
): Drawn[] {
  const known = sided.filter((w) => typeof words[w]?.estimate === 'number');
  const estimate = (w: number): number => words[w]?.estimate ?? 0;
  const frequency = (w: number): number => Math.log(words[w]?.expectedCount ?? 1);
  const [a, b] = [spreadOf(known.map(estimate)), spreadOf(known.map(frequency))];
  const distance = (w: number): number =>
    Math.hypot((estimate(w) - estimate(flagged)) / a, (frequency(w) - frequency(flagged)) / b);
  const side = (w: number): number => Math.sign(words[w]?.stated ?? 0);
  const near = known
    .filter((w) => !words[w]?.flagged)
    .sort((one, other) => distance(one) - distance(other) || one - other)
    .slice(0, NEAREST);
  return [itself(flagged), ...near.map((w) => ({ word: w, sign: side(w) * side(flagged) }))];
}

/** Standard deviation; 1 where nothing varies. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return square > 0 ? Math.sqrt(square) : 1;
}
