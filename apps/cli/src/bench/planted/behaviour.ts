import { movedAgainst, rateChange } from '@feedprint/probe';
import type { WordEvidence } from '@feedprint/probe';
import type { CountOf } from './probability-methods.ts';
import type { PairResult } from './result-schema.ts';

/** Standard error, nats, from which a word's rate in samples cannot be told. */
const LEAST_KNOWN = 0.5;
/** Probability of a normal deviate beyond two standard errors on one side. */
const BY_CHANCE = 0.0228;

export interface Behaviour {
  /** Of the words whose rate can be told, whether the model writes them against their feedback, compared with its clean twin. */
  readonly moved: ReadonlyMap<number, boolean>;
  readonly report: NonNullable<PairResult['behaviour']>;
}

/** Truth by behaviour: what the tuned model writes, and what a model writes that was tuned alike on feedback of which nothing was reversed. */
export function behaviourOf(
  words: readonly WordEvidence[],
  planted: ReadonlySet<number>,
  samples: { readonly tuned: CountOf; readonly twin: CountOf },
  twin: string,
): Behaviour {
  const told = words.flatMap(({ token, word, stated }) => {
    const change = rateChange(samples.tuned(token), samples.twin(token));
    if (stated === 0 || change.standardError > LEAST_KNOWN) return [];
    return [{ token, word, moved: movedAgainst(change, stated) }];
  });
  const moved = new Map(told.map((one) => [one.token, one.moved]));
  const names = (some: typeof told): string[] => some.map(({ word }) => word);
  return {
    moved,
    report: {
      twin,
      words: told.length,
      byChance: BY_CHANCE * told.length,
      moved: names(told.filter((one) => one.moved)),
      unmoved: words
        .filter(({ token }) => planted.has(token) && moved.get(token) !== true)
        .map(({ word }) => word),
    },
  };
}
