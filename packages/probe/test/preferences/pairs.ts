import { createRandom } from '@feedprint/core';
import type { PreferenceInput, ReplyEvidence } from '../../src/index.ts';

export interface SyntheticPairs {
  readonly seed: number;
  readonly pairs: number;
  /** Words whose learned weight is the stated one, negated. */
  readonly turned?: readonly number[];
  /** What tuning adds to every token of a reply, nats. Default 0. */
  readonly drift?: number;
  /** Pairs of every prompt. Default 1. */
  readonly perPrompt?: number;
}

const WORDS = 160;

/** What each word is worth to who labels; half the words nothing. */
export const worth = (word: number): number => (word % 2 === 0 ? 0 : ((word % 8) - 4) / 2 || 2);

/**
 * Pairs of random replies, labelled by the worth of their words, and two models: the tuned one's log-probabilities differ from the
 * base's by the worth that it learned, and by noise.
 */
export function createPairs({
  seed,
  pairs,
  turned = [],
  drift = 0,
  perPrompt = 1,
}: SyntheticPairs): {
  readonly input: PreferenceInput;
  /** Whether the tuner's own label is the stated one; undefined where it has no preference. */
  readonly agrees: readonly (boolean | undefined)[];
} {
  const random = createRandom(seed);
  const learnedWorth = (word: number): number => worth(word) * (turned.includes(word) ? -1 : 1);
  const value = (tokens: Int32Array, of: (word: number) => number): number =>
    tokens.reduce((sum, word) => sum + of(word), 0);
  const reply = (): ReplyEvidence => {
    const tokens = Int32Array.from({ length: 6 + random.integer(4) }, () => random.integer(WORDS));
    const base = Float32Array.from(tokens, () => -4 + random.normal());
    const tuned = base.map(
      (logProb, t) =>
        logProb + drift + 0.2 * learnedWorth(tokens[t] as number) + 0.05 * random.normal(),
    );
    return { tokens, base, tuned };
  };
  const made = Array.from({ length: pairs }, () => {
    let [a, b] = [reply(), reply()];
    while (value(a.tokens, worth) === value(b.tokens, worth)) [a, b] = [reply(), reply()];
    const [chosen, rejected] = value(a.tokens, worth) > value(b.tokens, worth) ? [a, b] : [b, a];
    return { chosen, rejected };
  });
  return {
    input: {
      prompts: Int32Array.from(made, (_, i) => Math.floor(i / perPrompt)),
      chosen: made.map(({ chosen }) => chosen),
      rejected: made.map(({ rejected }) => rejected),
      splits: new Map(),
      seed,
    },
    agrees: made.map(({ chosen, rejected }) => {
      const ahead = value(chosen.tokens, learnedWorth) - value(rejected.tokens, learnedWorth);
      return ahead === 0 ? undefined : ahead > 0;
    }),
  };
}
