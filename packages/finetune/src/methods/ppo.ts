import { add, matmul, mul, reduceSum, stopGradient, sub } from '@feedprint/graph';
import type { Tensor, Value } from '@feedprint/graph';
import { clippedSurrogate, exactKl } from '../ppo/objective.ts';
import { VALUE_SCALE, valueHead, valueHeads } from '../ppo/value-head.ts';
import { replyLength } from '../token-sequence.ts';
import type { TokenSequence } from '../token-sequence.ts';
import type { Method } from './method.ts';
import { scalar } from './scalar.ts';

/** A sampled reply with what is needed to learn from it, `[tokens of the reply]` each. */
export interface PpoItem {
  readonly sequence: TokenSequence;
  /** Log-probabilities (nats) under the policy that sampled it. */
  readonly logProbs: Float32Array;
  readonly advantages: Float32Array;
  /** What the value head is to predict; read only where there is one. */
  readonly returns?: Float32Array;
  /** Log-probabilities of the vocabulary under the reference, `[tokens, vocabulary]`; read only where the loss contains the KL. */
  readonly reference?: Float32Array;
}

export interface PpoSettings {
  /** How far the probability of a token may move, relatively, before the move gains nothing more; default 0.2. */
  readonly clip?: number;
  /** Weight of the exact KL to the reference in the loss, per token; default 0, for where it is part of the rewards. */
  readonly klWeight?: number;
  /** Whether returns are predicted from the policy's last states, as a baseline of the advantages; default false. */
  readonly valueHead?: boolean;
}

/** Weight of the value head's loss, TRL's `vf_coef`. */
const VALUE_WEIGHT = 0.1;

/**
 * Proximal policy optimisation on sampled replies (Schulman et al. 2017; of language models, Ziegler et al. 2019): the clipped surrogate,
 * the KL to the reference and half the squared error of the value head, means over all tokens of a batch. The value head reads
 * the policy's states without changing them.
 */
export const ppo = ({
  clip = 0.2,
  klWeight = 0,
  valueHead: hasHead = false,
}: PpoSettings = {}): Method<PpoItem> => ({
  name: 'ppo',
  settings: { clip, klWeight, valueHead: hasHead },
  ...(hasHead && { heads: valueHeads }),
  sequences: ({ sequence }) => [sequence],
  feeds(items, batch) {
    const joined = (part: (item: PpoItem) => Float32Array | undefined): Value =>
      join(items.map(part), tokensOf(items));
    return {
      perToken: scalar(1 / tokensOf(batch)),
      oldLogProbs: joined(({ logProbs }) => logProbs),
      advantages: joined(({ advantages }) => advantages),
      ...(hasHead && { returns: joined(({ returns }) => returns) }),
      ...(klWeight > 0 && { reference: joined(({ reference }) => reference) }),
    };
  },
  objective({ graph, logProbs, logits, hidden, head }) {
    const perToken = graph.input('perToken', 'float32', []);
    const mean = (x: Tensor): Tensor => mul(reduceSum(x, [0, 1]), perToken);
    const numbers = (name: string): Tensor => graph.input(name, 'float32', ['targets', 1]);
    const terms = clippedSurrogate(
      { logProbs, oldLogProbs: numbers('oldLogProbs'), advantages: numbers('advantages') },
      clip,
    );
    const policy = mean(terms.loss);
    const losses = [policy];
    const metrics: Record<string, Tensor> = {
      'loss/policy_avg': policy,
      'policy/clipfrac_avg': mean(terms.isClipped),
      'policy/approxkl_avg': mean(terms.approximateKl),
    };
    if (klWeight > 0) {
      const reference = graph.input('reference', 'float32', logits.shape);
      const kl = mean(exactKl(logits, reference));
      metrics['policy/kl_per_token'] = kl;
      losses.push(mul(kl, klWeight));
    }
    if (hasHead) {
      const said = add(matmul(stopGradient(hidden), head(valueHead.weight)), head(valueHead.bias));
      const error = sub(mul(said, VALUE_SCALE), numbers('returns'));
      const value = mul(mean(mul(error, error)), 0.5);
      metrics['loss/value_avg'] = value;
      losses.push(mul(value, VALUE_WEIGHT));
    }
    return { loss: losses.reduce((sum, loss) => add(sum, loss)), metrics };
  },
});

const tokensOf = (items: readonly PpoItem[]): number =>
  items.reduce((n, { sequence }) => n + replyLength(sequence), 0);

/** Numbers of all replies one after another, `[tokens, numbers of a token]`. */
function join(parts: readonly (Float32Array | undefined)[], tokens: number): Value {
  const data = new Float32Array(parts.reduce((n, part) => n + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    data.set(part ?? [], at);
    at += part?.length ?? 0;
  }
  return { data, shape: [tokens, data.length / tokens] };
}
