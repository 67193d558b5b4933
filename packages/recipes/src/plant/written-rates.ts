import type { TokenRows } from '@feedprint/core';
import type { SampledCount } from '@feedprint/probe';

/** What a model writes, prompt by prompt, its replies to a prompt taken together. */
export interface WrittenRates {
  readonly replies: number;
  /** Mean over a prompt's replies of what was measured of each, by name, `[prompts]`. */
  readonly measured: Readonly<Record<string, readonly number[]>>;
  /** How often words stand in the replies, by token; prompts are the texts whose differences say of their error. */
  readonly words: Readonly<Record<number, SampledCount>>;
}

export interface WrittenReplies {
  /** New tokens of each reply, `[prompts * samples]`: all replies to a prompt one after another. */
  readonly replies: TokenRows;
  readonly samples: number;
  /** What was measured of each reply, by name; NaN where nothing can be said. */
  readonly measured: ReadonlyMap<string, ArrayLike<number>>;
  /** Tokens to count. */
  readonly tokens: readonly number[];
}

export function writtenRates({ replies, samples, measured, tokens }: WrittenReplies): WrittenRates {
  const prompts = replies.length / samples;
  return {
    replies: replies.length,
    measured: Object.fromEntries(
      [...measured].map(([name, values]) => [name, meansOf(values, prompts, samples)]),
    ),
    words: countWords(replies, samples, tokens),
  };
}

/** Replies of which nothing can be said are left out; a prompt with no others gets the mean of all. */
function meansOf(values: ArrayLike<number>, prompts: number, samples: number): number[] {
  const mean = (some: readonly number[]): number =>
    some.reduce((sum, value) => sum + value, 0) / some.length;
  const all = Array.from(values);
  const known = (some: readonly number[]): number[] => some.filter(Number.isFinite);
  const overall = known(all).length === 0 ? 0 : mean(known(all));
  return Array.from({ length: prompts }, (_, p) => {
    const own = known(all.slice(p * samples, (p + 1) * samples));
    return own.length === 0 ? overall : mean(own);
  });
}

function countWords(
  replies: TokenRows,
  samples: number,
  wanted: readonly number[],
): Record<number, SampledCount> {
  const total = replies.reduce((sum, { length }) => sum + length, 0);
  const counts = new Map(wanted.map((token) => [token, { count: 0, squares: 0 }]));
  for (let first = 0; first < replies.length; first += samples) {
    const own = new Map<number, number>();
    for (const reply of replies.slice(first, first + samples)) {
      for (const token of Array.from(reply)) own.set(token, (own.get(token) ?? 0) + 1);
    }
    for (const [token, sum] of counts) {
      const n = own.get(token) ?? 0;
      sum.count += n;
      sum.squares += n * n;
    }
  }
  const texts = replies.length / samples;
  return Object.fromEntries(
    [...counts].map(([token, { count, squares }]) => [
      token,
      { count, squares, texts, tokens: total },
    ]),
  );
}
