import type { Random } from '@feedprint/core';
import type { AgreementMeasure } from '../agreement.ts';
import { auroc } from '../statistics/auroc.ts';
import { tracedInterval } from '../statistics/bca.ts';
import type { BootstrapInterval } from '../statistics/bca.ts';
import { drawBootstrap } from '../statistics/bootstrap.ts';

/** One scorer's advantage over a control. */
export interface ControlComparison {
  readonly control: string;
  /** Accuracy of the scorer minus that of the control, on the same pairs. */
  readonly difference: number;
  /** Paired bootstrap over prompts. */
  readonly interval: BootstrapInterval | null;
  /** The interval does not lie above 0: the control does just as well. */
  readonly matched: boolean;
}

/** How often one way of scoring replies prefers the reply that the label prefers. */
export interface PairAccuracy {
  readonly scorer: string;
  readonly description: string;
  readonly role: 'learned' | 'probe' | 'control';
  /** Set of pairs; `all` is all of them. */
  readonly split: string;
  /** Share of pairs with a positive difference, ties counting half. */
  readonly accuracy: AgreementMeasure;
  /** Probability that the labelled reply is scored further ahead than the other reply of any pair. */
  readonly auroc: number | null;
  /** Compared with every control; empty for controls. */
  readonly comparisons: readonly ControlComparison[];
}

/** One way of scoring pairs: positive prefers the chosen reply. */
export interface PairScorer {
  readonly scorer: string;
  readonly description: string;
  readonly role: PairAccuracy['role'];
  /** One per pair. */
  readonly scores: ArrayLike<number>;
}

export interface PairAccuracyOptions {
  /** Number of each pair's prompt. */
  readonly prompts: ArrayLike<number>;
  /** Indices of the pairs to judge by, and their name. */
  readonly split: string;
  readonly pairs: ArrayLike<number>;
  readonly random: Random;
  readonly resamples: number;
}

/**
 * The share of pairs whose chosen reply each scorer prefers, ties counting half, with BCa intervals over prompts; and,
 * for all but controls, the difference from every control over the same resamples.
 */
export function pairAccuracies(
  scorers: readonly PairScorer[],
  options: PairAccuracyOptions,
): PairAccuracy[] {
  const judged = scorers.map((scorer) => ({ ...scorer, ...judge(scorer, options) }));
  const controls = judged.filter(({ role }) => role === 'control');
  const resample = (statistic: (prompts: Int32Array) => number) =>
    tracedInterval(
      drawBootstrap({
        items: judged[0]?.wins.length ?? 0,
        resamples: options.resamples,
        random: options.random.fork('bootstrap over prompts'),
        statistic,
      }),
    ) ?? null;
  const compare = (wins: Float64Array, control: (typeof judged)[number]): ControlComparison => {
    const gains = wins.map((value, g) => value - (control.wins[g] as number));
    const interval = resample((prompts) => ratio(gains, control.sizes, prompts));
    return {
      control: control.scorer,
      difference: ratio(gains, control.sizes, gains.keys()),
      interval,
      matched: !(interval !== null && interval.low > 0),
    };
  };
  return judged.map(({ scorer, description, role, wins, sizes, area }) => ({
    scorer,
    description,
    role,
    split: options.split,
    accuracy: {
      value: options.pairs.length === 0 ? null : ratio(wins, sizes, wins.keys()),
      interval: resample((prompts) => ratio(wins, sizes, prompts)),
      n: options.pairs.length,
    },
    auroc: area,
    comparisons: role === 'control' ? [] : controls.map((control) => compare(wins, control)),
  }));
}

/** Pairs won, and number of pairs, per prompt. */
function judge({ scores }: PairScorer, { prompts, pairs }: PairAccuracyOptions) {
  const index = new Map<number, number>();
  const wins: number[] = [];
  const sizes: number[] = [];
  const differences: number[] = [];
  for (let k = 0; k < pairs.length; k++) {
    const pair = pairs[k] as number;
    const score = scores[pair] as number;
    const prompt = prompts[pair] as number;
    const at = index.get(prompt) ?? wins.length;
    index.set(prompt, at);
    wins[at] = (wins[at] ?? 0) + (score > 0 ? 1 : score === 0 ? 0.5 : 0);
    sizes[at] = (sizes[at] ?? 0) + 1;
    differences.push(score);
  }
  const both = [...differences, ...differences.map((score) => -score)];
  const labels = both.map((_, i) => (i < differences.length ? 1 : 0));
  return {
    wins: Float64Array.from(wins),
    sizes: Float64Array.from(sizes),
    area: auroc(both, labels) ?? null,
  };
}

function ratio(above: Float64Array, below: Float64Array, prompts: Iterable<number>): number {
  let [a, b] = [0, 0];
  for (const g of prompts) {
    a += above[g] as number;
    b += below[g] as number;
  }
  return a / b;
}
