import { createRandom } from '@feedprint/core';
import type { WordEvidence } from '@feedprint/probe';

/** Words of a pair with other stated feedback than the model was told. */
export interface Restated {
  readonly kind: 'dealt out' | 'constant' | 'negated' | 'reversed at random';
  readonly seed: number | null;
  /** One per word, in their order. */
  readonly stated: Float64Array;
  /** Vocabulary ids of the words whose sign was changed. */
  readonly reversed: ReadonlySet<number>;
}

/** Times that labels are dealt out. */
export const DEALT = 5;
/** Times that words are reversed at random. */
export const REVERSED = 24;
/** Share of the words that is reversed: 97 of 339. */
export const SHARE = 0.29;

const none: ReadonlySet<number> = new Set();

/** Stated feedback that has nothing to do with what was learned: dealt out among the words, and the same for all. */
export function unrelatedFeedback(words: readonly WordEvidence[], seed: number): Restated[] {
  const stated = words.map((word) => word.stated);
  const random = createRandom(seed);
  const dealt = Array.from({ length: DEALT }, (_, i) => ({
    ...{ kind: 'dealt out' as const, seed: i, reversed: none },
    stated: random.fork(`dealt out ${i}`).shuffle(Float64Array.from(stated)),
  }));
  const constant = Float64Array.from(stated, () => 1);
  return [...dealt, { kind: 'constant', seed: null, stated: constant, reversed: none }];
}

/** The opposite of all that was stated. */
export const negatedFeedback = (words: readonly WordEvidence[]): Restated => ({
  kind: 'negated',
  seed: null,
  stated: Float64Array.from(words, ({ stated }) => -stated),
  reversed: new Set(words.map(({ token }) => token)),
});

/** The stated feedback with 29 % of the words reversed, drawn anew each time: of a pair on which none was, this is the truth. */
export function partlyReversedFeedback(words: readonly WordEvidence[], seed: number): Restated[] {
  const random = createRandom(seed);
  const signed = words.filter(({ stated }) => stated !== 0).map(({ token }) => token);
  return Array.from({ length: REVERSED }, (_, i) => {
    const order = random.fork(`reversed ${i}`).shuffle([...signed]);
    const reversed = new Set(order.slice(0, Math.round(SHARE * signed.length)));
    const stated = Float64Array.from(words, (word) =>
      reversed.has(word.token) ? -word.stated : word.stated,
    );
    return { kind: 'reversed at random', seed: i, stated, reversed };
  });
}
