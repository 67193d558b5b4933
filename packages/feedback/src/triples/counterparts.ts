import type { Random } from '@feedprint/core';
import { isBoosterWord } from '../vader/boosters.ts';
import type { Lexicon } from '../vader/lexicon.ts';
import { isNegator } from '../vader/negation.ts';
import { endingOf } from './word-forms.ts';

/** Number of candidates for a replacement: the nearest ones, from which one is drawn at random. */
const CHOICES = 5;

export interface Counterparts {
  /** Words of the other sign and similar strength. */
  readonly opposites: readonly string[];
  readonly neutrals: readonly string[];
}

interface Candidate {
  readonly word: string;
  readonly valence: number;
}

/** How often a word occurs in the texts, and how often in lower case. */
export interface WordCount {
  readonly all: number;
  readonly lower: number;
}

/**
 * Finds replacements for scored words, all of the same ending class as the word. Opposites: the five entries of the
 * other sign nearest by ||a| - |b|| + |log2((1 + n_a) / (1 + n_b))| / 2 (a, b valences; n occurrences), from the texts
 * if they have any, else from the whole lexicon. Neutrals: five words of the texts nearest by occurrences that are
 * neither entries nor degree adverbs, negations or names (which are mostly capitalised). Ties are broken at random.
 */
export function createCounterparts(
  lexicon: Lexicon,
  counts: ReadonlyMap<string, WordCount>,
  random: Random,
): (word: string) => Counterparts {
  const countOf = (word: string): number => counts.get(word)?.all ?? 0;
  const entries = [...lexicon]
    .map(([word, valence]): Candidate => ({ word, valence }))
    .filter(({ word, valence }) => valence !== 0 && isLowerWord(word));
  const kindOf = ({ word, valence }: Candidate): string => `${endingOf(word)} ${valence > 0}`;
  const pools = groupBy(random.shuffle(entries), kindOf);
  for (const [kind, pool] of pools) {
    const inTexts = pool.filter(({ word }) => counts.has(word));
    if (inTexts.length > 0) pools.set(kind, inTexts);
  }
  const neutral = [...counts].flatMap(([word, { all, lower }]) => {
    const isName = lower <= all / 2;
    const isSilent = !lexicon.has(word) && !isBoosterWord(word) && !isNegator(word);
    return isSilent && !isName && isLowerWord(word) ? [word] : [];
  });
  const neutralsByCount = new Map(
    [...groupBy(random.shuffle(neutral), endingOf)].map(([ending, words]) => {
      return [ending, groupBy(words, countOf)] as const;
    }),
  );

  return (word) => {
    const valence = lexicon.get(word) as number;
    const n = countOf(word);
    const others = pools.get(`${endingOf(word)} ${valence < 0}`) ?? [];
    const opposites = nearest(others, (other) => {
      const strength = Math.abs(Math.abs(valence) - Math.abs(other.valence));
      return strength + rarity(n, countOf(other.word)) / 2;
    });
    const byCount = neutralsByCount.get(endingOf(word)) ?? new Map<number, string[]>();
    const nearCounts = nearest([...byCount.keys()], (count) => rarity(n, count));
    return {
      opposites: opposites.map((other) => other.word),
      neutrals: nearCounts.flatMap((count) => byCount.get(count) ?? []).slice(0, CHOICES),
    };
  };
}

const isLowerWord = (word: string): boolean =>
  /^\p{L}{2,}$/u.test(word) && word === word.toLowerCase();

const rarity = (a: number, b: number): number => Math.abs(Math.log2((1 + a) / (1 + b)));

/** The few items with the smallest distances, nearest first; ties in the given order. */
function nearest<T>(items: readonly T[], distance: (item: T) => number): readonly T[] {
  const best: { item: T; distance: number }[] = [];
  for (const item of items) {
    const found = { item, distance: distance(item) };
    const last = best.at(-1);
    if (last && best.length === CHOICES && found.distance >= last.distance) continue;
    const at = best.findIndex((other) => found.distance < other.distance);
    best.splice(at < 0 ? best.length : at, 0, found);
    if (best.length > CHOICES) best.pop();
  }
  return best.map(({ item }) => item);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
