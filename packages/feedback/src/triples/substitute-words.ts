import { FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { textWords } from '../lexicon-words.ts';
import type { Lexicon } from '../vader/lexicon.ts';
import { createCounterparts } from './counterparts.ts';
import type { WordCount } from './counterparts.ts';
import { inCaseOf } from './word-forms.ts';

export interface SubstituteOptions {
  readonly texts: readonly string[];
  /** Words in lower case and their feedback; those with 0 are left alone. */
  readonly lexicon: Lexicon;
  readonly random: Random;
  /** Most triples whose original is the same word. */
  readonly perWord: number;
  readonly maxTriples: number;
}

/** One word of a text and its replacements in three versions, written as the word is. */
export interface Substitution {
  /** Index of the text. */
  readonly text: number;
  /** Where the word begins in the text, in UTF-16 units. */
  readonly offset: number;
  /** The word found there in the text: the `positive` or the `negative` one. */
  readonly original: string;
  readonly positive: string;
  readonly neutral: string;
  readonly negative: string;
}

/** Why a place was dropped, and how often. */
export type Dropped = Readonly<Record<string, number>>;

/**
 * Contrastive triples by substitution (arXiv 2310.08164, section 3.4): a scored word of a text is replaced by a word of
 * the other sign and by a neutral one, from `createCounterparts`. Only whole words are replaced; case, spacing and
 * ending class (-ed, -ing, -s,
 * -er, -est, -ly, none) kept.
 *
 * Dropped and counted: places at a text's beginning (`no-context`), words in unusual case such as "gOOd"
 * (`mixed-case`), and words for which no counterpart has the same inflection (`no-counterpart`). Words take turns, the
 * most frequent first, so that a low `maxTriples` covers as many words as possible. The result is sorted by text and
 * offset, and equal for equal arguments and an equal seed of `random`. Throws `config-invalid` for numbers below 1,
 * `feedback-empty` if no triple can be made.
 */
export function substituteWords(options: SubstituteOptions): {
  readonly triples: readonly Substitution[];
  readonly dropped: Dropped;
} {
  const { inTurns, dropped } = placeSubstitutions(options);
  const triples = inTurns.slice(0, options.maxTriples).sort(byPlace);
  if (triples.length === 0) throw noTriples(options.texts.length, dropped);
  return { triples, dropped };
}

/** In the order of the texts. */
export const byPlace = (
  a: { readonly text: number; readonly offset: number },
  b: { readonly text: number; readonly offset: number },
): number => a.text - b.text || a.offset - b.offset;

export const noTriples = (texts: number, dropped: Dropped): FeedprintError =>
  new FeedprintError({
    code: 'feedback-empty',
    message: `no word of the ${texts} texts has a positive, a neutral and a negative version (dropped: ${JSON.stringify(dropped)})`,
    remedy: 'use texts that contain positive and negative words of the feedback',
  });

/**
 * All substitutions that `perWord` allows: the first of every word, then the second of every word, and so on, with
 * frequent words first.
 */
export function placeSubstitutions({
  texts,
  lexicon,
  random,
  perWord,
  maxTriples,
}: SubstituteOptions): { inTurns: Substitution[]; dropped: Record<string, number> } {
  checkCounts({ perWord, maxTriples });
  const { counts, places } = findPlaces(texts, lexicon);
  const dropped: Record<string, number> = {};
  const drop = (reason: string): undefined => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
    return undefined;
  };
  const seed = random.fork('contrastive triples');
  const counterparts = createCounterparts(lexicon, counts, seed.fork('counterparts'));
  const queues = [...places].map(([word, found]) => {
    const own = seed.fork(word);
    const { opposites, neutrals } = counterparts(word);
    const isPositive = (lexicon.get(word) as number) > 0;
    return own.shuffle(found).flatMap((place): Substitution[] => {
      const opposite = opposites[own.integer(Math.max(1, opposites.length))];
      const neutral = neutrals[own.integer(Math.max(1, neutrals.length))];
      const triple =
        (texts[place.text] as string).slice(0, place.offset).trim() === ''
          ? drop('no-context')
          : opposite === undefined || neutral === undefined
            ? drop('no-counterpart')
            : (inVersions(place, { opposite, neutral, isPositive }) ?? drop('mixed-case'));
      return triple ? [triple] : [];
    });
  });
  const order = seed
    .fork('turns')
    .shuffle(queues)
    .sort((a, b) => b.length - a.length);
  const turns = Math.min(perWord, order[0]?.length ?? 0);
  const inTurns = Array.from({ length: turns }, (_, turn) =>
    order.flatMap((queue) => queue.slice(turn, turn + 1)),
  ).flat();
  return { inTurns, dropped };
}

interface Place {
  readonly text: number;
  readonly offset: number;
  /** As written. */
  readonly word: string;
}

/** How often each word, in lower case, occurs in the texts, and where each scored one does. */
function findPlaces(texts: readonly string[], lexicon: Lexicon) {
  const counts = new Map<string, WordCount>();
  const places = new Map<string, Place[]>();
  texts.forEach((text, t) => {
    for (const { word, offset } of textWords(text)) {
      const lower = word.toLowerCase();
      const before = counts.get(lower) ?? { all: 0, lower: 0 };
      counts.set(lower, { all: before.all + 1, lower: before.lower + (word === lower ? 1 : 0) });
      if (!/^\p{L}{2,}$/u.test(lower) || (lexicon.get(lower) ?? 0) === 0) continue;
      const place = { text: t, offset, word };
      const found = places.get(lower);
      if (found) found.push(place);
      else places.set(lower, [place]);
    }
  });
  return { counts, places };
}

function inVersions(
  { text, offset, word: original }: Place,
  words: { readonly opposite: string; readonly neutral: string; readonly isPositive: boolean },
): Substitution | undefined {
  const opposite = inCaseOf(original, words.opposite);
  const neutral = inCaseOf(original, words.neutral);
  if (opposite === undefined || neutral === undefined) return undefined;
  const [positive, negative] = words.isPositive ? [original, opposite] : [opposite, original];
  return { text, offset, original, positive, neutral, negative };
}

function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new FeedprintError({
      code: 'config-invalid',
      message: `${name} is ${value}`,
      remedy: 'pass a whole number of at least 1',
    });
  }
}
