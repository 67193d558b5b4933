import type { ContrastiveTriple, Random, TokenRows } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';
import { checkTriplesOptions } from './check-triples-options.ts';

export interface ContrastiveTriplesOptions {
  readonly texts: TokenRows;
  /** Scored vocabulary tokens, each once; those stated as 0 are left out. */
  readonly words: readonly { readonly id: number; readonly stated: number }[];
  /** Tokens that may stand for a neutral word; none of `words`. */
  readonly neutralIds: readonly number[];
  readonly random: Random;
  /** Most triples whose original is the same word. */
  readonly perWord: number;
  readonly maxTriples: number;
  /** The model's context in tokens, target included; longer contexts lose their beginning. Default: no limit. */
  readonly contextLength?: number;
}

/** A triple that tells where it comes from. */
export interface PlacedTriple extends ContrastiveTriple {
  /** Position of the target in its text. */
  readonly position: number;
  /** The token that the text has there: the triple's `positive` or `negative`. */
  readonly original: number;
}

/** Candidates for a replacement: the nearest ones, of which chance takes one. */
const choices = 5;

/**
 * Contrastive triples (arXiv 2310.08164): the left context of a scored word, with a positive, a neutral and a
 * negative token in its place. The original is one of them; the word of the other sign is one of the five nearest by
 * ||a| - |b|| + |log2((1 + n_a) / (1 + n_b))| / 2 (a, b valences; n occurrences in the texts), the neutral one of the five
 * nearest by occurrences. Every version is a single token, so the three differ at the target alone.
 *
 * A text's first token is never a target, having no context. Words take turns, so that a low `maxTriples` still covers as
 * many of them as it can. Sorted by text and position; equal for equal arguments and seed of `random`.
 * Throws `config-invalid` for contradictory arguments, `feedback-empty` if no triple can be made.
 */
export function contrastiveTriples(options: ContrastiveTriplesOptions): readonly PlacedTriple[] {
  const { texts, neutralIds, random, perWord, maxTriples } = options;
  const contextLength = options.contextLength ?? Infinity;
  checkTriplesOptions(options);

  const words = options.words.filter(({ stated }) => stated !== 0);
  const { counts, places } = findOccurrences(texts, new Set(words.map(({ id }) => id)));
  const count = (id: number): number => counts.get(id) ?? 0;
  const rarity = (a: number, b: number): number =>
    Math.abs(Math.log2((1 + count(a)) / (1 + count(b))));

  const seed = random.fork('contrastive triples');
  const queues = words
    .filter(({ id }) => places.has(id))
    .map((word) => {
      const own = seed.fork(`${word.id}`);
      const opposites = nearest(
        words.filter(({ stated }) => stated > 0 !== word.stated > 0),
        (other) =>
          Math.abs(Math.abs(word.stated) - Math.abs(other.stated)) + rarity(word.id, other.id) / 2,
      ).map(({ id }) => id);
      const neutrals = nearest(neutralIds, (id) => rarity(word.id, id));
      const chosen = own.shuffle([...(places.get(word.id) ?? [])]).slice(0, perWord);
      return chosen.map(({ text, position }): PlacedTriple => {
        const opposite = opposites[own.integer(opposites.length)] as number;
        const tokens = Array.prototype.slice.call(texts[text], 0, position) as number[];
        return {
          text,
          position,
          original: word.id,
          context: tokens.slice(Math.max(0, position - (contextLength - 1))),
          positive: word.stated > 0 ? word.id : opposite,
          neutral: neutrals[own.integer(neutrals.length)] as number,
          negative: word.stated > 0 ? opposite : word.id,
        };
      });
    });

  const triples = takeTurns(seed.fork('turns').shuffle(queues), maxTriples);
  if (triples.length === 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: `none of the ${words.length} scored words stands in the ${texts.length} texts after another token`,
      remedy: 'use texts that hold words of the feedback',
    });
  }
  return triples.sort((a, b) => a.text - b.text || a.position - b.position);
}

interface Place {
  readonly text: number;
  readonly position: number;
}

/** How often each token stands in the texts, and where each of `targets` stands after another token. */
function findOccurrences(texts: TokenRows, targets: ReadonlySet<number>) {
  const counts = new Map<number, number>();
  const places = new Map<number, Place[]>();
  texts.forEach((tokens, text) => {
    for (let position = 0; position < tokens.length; position++) {
      const token = tokens[position] as number;
      counts.set(token, (counts.get(token) ?? 0) + 1);
      if (position === 0 || !targets.has(token)) continue;
      const list = places.get(token);
      if (list) list.push({ text, position });
      else places.set(token, [{ text, position }]);
    }
  });
  return { counts, places };
}

/** The few items with the smallest distances; ties in the given order. */
function nearest<T>(items: readonly T[], distance: (item: T) => number): readonly T[] {
  return items
    .map((item) => ({ item, distance: distance(item) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, choices)
    .map(({ item }) => item);
}

/** The first item of every queue, then the second of every queue, and so on, `limit` items at most. */
function takeTurns<T>(queues: readonly (readonly T[])[], limit: number): T[] {
  const taken: T[] = [];
  for (let turn = 0; queues.some((queue) => turn < queue.length); turn++) {
    for (const queue of queues) {
      const item = queue[turn];
      if (item !== undefined && taken.length < limit) taken.push(item);
    }
  }
  return taken;
}
