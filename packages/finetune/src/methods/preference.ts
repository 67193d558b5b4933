import { cast, greater, mul, reduceSum, reshape, slice, sub } from '@feedprint/graph';
import type { Tensor, Value } from '@feedprint/graph';
import type { TokenSequence } from '../token-sequence.ts';
import type { Method, PolicyPass } from './method.ts';
import { column, scalar } from './scalar.ts';

/** Two replies to one prompt, and what the reference thinks of them. */
export interface PreferenceItem {
  readonly chosen: TokenSequence;
  readonly rejected: TokenSequence;
  /** Log-probability (nats) of each whole reply under the reference. */
  readonly reference: { readonly chosen: number; readonly rejected: number };
}

/** Log-probabilities of the pairs' replies, `[pairs, 1]` each, under the policy and the reference. */
export interface PairScores {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
  readonly referenceChosen: Tensor;
  readonly referenceRejected: Tensor;
}

export interface PreferenceMethodOptions {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>> & { readonly beta: number };
  /** Inputs of its own, for the items of one pass. */
  readonly feeds?: (items: readonly PreferenceItem[]) => Readonly<Record<string, Value>>;
  /** Loss of each pair, `[pairs, 1]`. */
  losses(scores: PairScores, pass: PolicyPass): Tensor;
}

/**
 * A method that learns from pairs: how it weighs four log-probabilities is its own; its implied rewards, beta (log pi -
 * log reference), and their metrics are those of Rafailov et al. 2023 (arXiv 2305.18290).
 */
export const preferenceMethod = ({
  name,
  settings,
  feeds,
  losses,
}: PreferenceMethodOptions): Method<PreferenceItem> => ({
  name,
  settings,
  sequences: ({ chosen, rejected }) => [chosen, rejected],
  feeds: (items, batch) => ({
    referenceChosen: column(items.map(({ reference }) => reference.chosen)),
    referenceRejected: column(items.map(({ reference }) => reference.rejected)),
    perPair: scalar(1 / batch.length),
    ...feeds?.(items),
  }),
  objective(pass) {
    const { graph, logProbs, perSequence } = pass;
    const sums = reshape(perSequence(logProbs), ['pairs', 2]);
    const pairs = (input: string): Tensor => graph.input(input, 'float32', ['pairs', 1]);
    const scores: PairScores = {
      chosen: slice(sums, 1, 0, 1),
      rejected: slice(sums, 1, 1, 2),
      referenceChosen: pairs('referenceChosen'),
      referenceRejected: pairs('referenceRejected'),
    };
    const perPair = graph.input('perPair', 'float32', []);
    const mean = (x: Tensor): Tensor => mul(reduceSum(x, [0, 1]), perPair);
    const chosen = mul(sub(scores.chosen, scores.referenceChosen), settings.beta);
    const rejected = mul(sub(scores.rejected, scores.referenceRejected), settings.beta);
    return {
      loss: mean(losses(scores, pass)),
      metrics: {
        'rewards/chosen': mean(chosen),
        'rewards/rejected': mean(rejected),
        'rewards/margins': mean(sub(chosen, rejected)),
        'rewards/accuracies': mean(cast(greater(chosen, rejected), 'float32')),
        'logps/chosen': mean(scores.chosen),
        'logps/rejected': mean(scores.rejected),
      },
    };
  },
});
