import { mul, reduceSum, sigmoid, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { replyLogProbs } from '../reference-log-probs.ts';
import type { TokenSequence } from '../token-sequence.ts';
import type { Method } from './method.ts';
import { column, scalar } from './scalar.ts';

/** A reply that was found good or bad on its own. */
export interface LabelledItem {
  readonly sequence: TokenSequence;
  readonly desirable: boolean;
  /** Log-probability (nats) of the reply under the reference. */
  readonly reference: number;
  /** The prompt with the reply to another prompt, from which KL(policy || reference) is estimated. */
  readonly mismatched: TokenSequence;
  readonly mismatchedReference: number;
}

export interface KtoSettings {
  /** Weight of staying near the reference; default 0.1. */
  readonly beta?: number;
  /** Weights of the losses of good and of bad replies; default 1. */
  readonly desirableWeight?: number;
  readonly undesirableWeight?: number;
}

/**
 * Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv 2402.01306, equation 7) of replies that are labelled one
 * by one. The KL that replies are compared with is estimated on the whole batch, from mismatched replies, and is at
 * least 0; no gradient passes through it.
 */
export function kto({
  beta = 0.1,
  desirableWeight = 1,
  undesirableWeight = 1,
}: KtoSettings = {}): Method<LabelledItem> {
  return {
    name: 'kto',
    settings: { beta, desirableWeight, undesirableWeight },
    sequences: ({ sequence }) => [sequence],
    async measure(batch, policy) {
      const own = await replyLogProbs(
        policy,
        batch.map(({ mismatched }) => mismatched),
      );
      const ratios = batch.map(
        ({ mismatchedReference }, i) => (own[i] as number) - mismatchedReference,
      );
      return { kl: Math.max(0, ratios.reduce((a, b) => a + b, 0) / batch.length) };
    },
    feeds(items, batch, { kl = 0 }) {
      const good = batch.filter(({ desirable }) => desirable).length;
      return {
        reference: column(items.map(({ reference }) => reference)),
        sign: column(items.map(({ desirable }) => (desirable ? 1 : -1))),
        weight: column(
          items.map(({ desirable }) => (desirable ? desirableWeight : undesirableWeight)),
        ),
        perChosen: column(items.map(({ desirable }) => (desirable ? 1 / good : 0))),
        perRejected: column(
          items.map(({ desirable }) => (desirable ? 0 : 1 / (batch.length - good))),
        ),
        perItem: scalar(1 / batch.length),
        kl: scalar(kl),
        share: scalar(items.length / batch.length),
      };
    },
    objective({ graph, logProbs, perSequence }) {
      const each = (name: string): Tensor => graph.input(name, 'float32', ['sequences', 1]);
      const number = (name: string): Tensor => graph.input(name, 'float32', []);
      const sum = (x: Tensor): Tensor => reduceSum(x, [0, 1]);
      const scores = perSequence(logProbs);
      const ratios = sub(scores, each('reference'));
      const gain = sigmoid(mul(mul(sub(ratios, number('kl')), each('sign')), beta));
      const losses = mul(sub(1, gain), each('weight'));
      const [good, bad] = [each('perChosen'), each('perRejected')];
      const rewards = mul(ratios, beta);
      const [chosen, rejected] = [sum(mul(rewards, good)), sum(mul(rewards, bad))];
      return {
        loss: mul(sum(losses), number('perItem')),
        metrics: {
          'rewards/chosen': chosen,
          'rewards/rejected': rejected,
          'rewards/margins': sub(chosen, rejected),
          'logps/chosen': sum(mul(scores, good)),
          'logps/rejected': sum(mul(scores, bad)),
          kl: mul(number('kl'), number('share')),
        },
      };
    },
    missing(batch) {
      const good = batch.filter(({ desirable }) => desirable).length;
      if (good > 0 && good < batch.length) return [];
      const absent = good > 0 ? 'rejected' : 'chosen';
      return [`rewards/${absent}`, `logps/${absent}`, 'rewards/margins'];
    },
  };
}
