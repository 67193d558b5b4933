import { createRandom } from '@feedprint/core';
import { bootstrapInterval, tracedBootstrapInterval } from './statistics/bootstrap.ts';
import type { Interval } from './statistics/interval.ts';

/** A token that the tuned model added to a prompt, as the base model sees it given the same prefix. */
export interface RankedToken {
  /** Index of the prompt. */
  readonly prompt: number;
  /** Place among the tokens added to it, from 0. */
  readonly position: number;
  readonly token: number;
  /** Rank among the base model's next-token logits, from 1. */
  readonly rank: number;
  /** KL(tuned || base) of the next-token distributions there, nats. */
  readonly kl: number;
  /** log p_tuned / p_base of the token, nats. */
  readonly logRatio: number;
}

export interface ShiftSummaryOptions {
  /** Text of a token, leading space kept. */
  readonly textOf: (token: number) => string;
  /** Stated feedback of the tokens that have one. */
  readonly stated: ReadonlyMap<number, number>;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Whether the intervals keep the resamples that they were read from. Default false. */
  readonly trace?: boolean;
  /** How many of the most often shifted tokens to name. Default 20. */
  readonly named?: number;
}

const classes = ['unshifted', 'marginal', 'shifted'] as const;
type ShiftClass = (typeof classes)[number];

interface ShiftFigures {
  readonly tokens: number;
  /** Mean log p_tuned / p_base, nats. */
  readonly logRatio: number | null;
  /** Share of the tokens that have stated feedback, and its mean. */
  readonly scored: number | null;
  readonly stated: number | null;
}

/** Token distribution shift over all prompts. */
export interface ShiftSummary {
  readonly prompts: number;
  /** Mean KL(tuned || base) where a token was added, nats. */
  readonly kl: { readonly value: number | null; readonly interval: Interval | null };
  readonly all: ShiftFigures;
  /** All three, in this order. */
  readonly classes: (ShiftFigures & {
    readonly class: ShiftClass;
    readonly share: number | null;
    readonly interval: Interval | null;
  })[];
  /** Shares of the classes and mean KL by place among the added tokens, from 0. */
  readonly positions: ({
    readonly position: number;
    readonly n: number;
    readonly kl: number;
  } & Readonly<Record<ShiftClass, number>>)[];
  /** Most often shifted first; rank and log-ratio are means over the times that the token was shifted. */
  readonly shiftedTokens: {
    readonly token: number;
    readonly text: string;
    /** Number of times that it was shifted. */
    readonly count: number;
    readonly added: number;
    readonly rank: number;
    readonly logRatio: number;
    readonly stated: number | null;
  }[];
}

/** Class by the rank under the base: 1, 2 or 3, above (Lin et al. 2023, arXiv 2312.01552, section 2.2). */
const classOf = ({ rank }: RankedToken): ShiftClass =>
  rank === 1 ? 'unshifted' : rank <= 3 ? 'marginal' : 'shifted';

/**
 * Summary of the ranks of tokens that a tuned model added: shares of the three classes with bootstrap intervals over
 * prompts, by position, together with the log-ratio and the stated feedback of the tokens in each class, and the
 * tokens that were shifted most often. `null` where no token defines a figure.
 */
export function summarizeShift(
  tokens: readonly RankedToken[],
  { textOf, stated, seed, resamples, trace = false, named = 20 }: ShiftSummaryOptions,
): ShiftSummary {
  const prompts = [...groupBy(tokens, ({ prompt }) => prompt).values()];
  const random = createRandom(seed).fork('token shift');
  /** Interval of the mean of a figure over tokens, resampling prompts. */
  const intervalOf = (name: string, figure: (token: RankedToken) => number): Interval | null => {
    const sums = prompts.map((own) => own.reduce((sum, token) => sum + figure(token), 0));
    const statistic = (indices: Int32Array): number => {
      let [sum, count] = [0, 0];
      for (const i of indices) {
        sum += sums[i] as number;
        count += prompts[i]?.length ?? 0;
      }
      return sum / count;
    };
    const items = prompts.length;
    const options = { items, statistic, random: random.fork(name) };
    const interval = trace ? tracedBootstrapInterval : bootstrapInterval;
    return interval({ ...options, ...(resamples !== undefined && { resamples }) }) ?? null;
  };
  const figures = (some: readonly RankedToken[]) => {
    const scored = some.flatMap(({ token }) => stated.get(token) ?? []);
    return {
      tokens: some.length,
      logRatio: mean(some.map(({ logRatio }) => logRatio)),
      scored: some.length === 0 ? null : scored.length / some.length,
      stated: mean(scored),
    };
  };
  const byClass = groupBy(tokens, classOf);
  return {
    prompts: prompts.length,
    kl: { value: mean(tokens.map(({ kl }) => kl)), interval: intervalOf('kl', ({ kl }) => kl) },
    all: figures(tokens),
    classes: classes.map((name) => {
      const own = byClass.get(name) ?? [];
      return {
        class: name,
        ...figures(own),
        share: tokens.length === 0 ? null : own.length / tokens.length,
        interval: intervalOf(name, (token) => (classOf(token) === name ? 1 : 0)),
      };
    }),
    positions: byPosition(tokens),
    shiftedTokens: mostShifted(tokens, { textOf, stated }).slice(0, named),
  };
}

function byPosition(tokens: readonly RankedToken[]): ShiftSummary['positions'] {
  return [...groupBy(tokens, ({ position }) => position)]
    .sort(([a], [b]) => a - b)
    .map(([position, own]) => {
      const share = (name: ShiftClass): number =>
        own.filter((token) => classOf(token) === name).length / own.length;
      return {
        position,
        n: own.length,
        unshifted: share('unshifted'),
        marginal: share('marginal'),
        shifted: share('shifted'),
        kl: own.reduce((sum, { kl }) => sum + kl, 0) / own.length,
      };
    });
}

/** Most often shifted first, ties by id. */
function mostShifted(
  tokens: readonly RankedToken[],
  { textOf, stated }: Pick<ShiftSummaryOptions, 'textOf' | 'stated'>,
): ShiftSummary['shiftedTokens'] {
  return [...groupBy(tokens, ({ token }) => token)]
    .flatMap(([token, all]) => {
      const own = all.filter((one) => classOf(one) === 'shifted');
      if (own.length === 0) return [];
      return {
        token,
        text: textOf(token),
        count: own.length,
        added: all.length,
        rank: mean(own.map(({ rank }) => rank)) as number,
        logRatio: mean(own.map(({ logRatio }) => logRatio)) as number,
        stated: stated.get(token) ?? null,
      };
    })
    .sort((a, b) => b.count - a.count || a.token - b.token);
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
