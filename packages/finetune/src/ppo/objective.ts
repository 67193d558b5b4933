import {
  cast,
  clip,
  exp,
  greater,
  maximum,
  mul,
  neg,
  reduceMean,
  reduceSum,
  sub,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/** What the policy's loss is computed from. Rows are the sampled tokens of a minibatch, packed. */
export interface SampledTokens {
  /** Log-probability under the policy that is being trained, `[tokens]`. */
  readonly logProbs: Tensor;
  /** The same under the policy that sampled them, `[tokens]`. */
  readonly oldLogProbs: Tensor;
  readonly advantages: Tensor;
}

/** f32 scalars. */
export interface PolicyTerms {
  readonly loss: Tensor;
  /** Share of the tokens at which the clipped ratio decides. */
  readonly clipFraction: Tensor;
  /** Half the mean squared change of log-probability since sampling: how far one batch has moved the policy. */
  readonly approximateKl: Tensor;
}

/**
 * The clipped surrogate of PPO (Schulman et al. 2017, equation 7), negated and averaged over tokens; figures as TRL reports them.
 * Ratios outside `[1 - range, 1 + range]` gain nothing.
 */
export function clippedSurrogate(
  { logProbs, oldLogProbs, advantages }: SampledTokens,
  range: number,
): PolicyTerms {
  const change = sub(logProbs, oldLogProbs);
  const ratio = exp(change);
  const lost = neg(advantages);
  const plain = mul(lost, ratio);
  const clipped = mul(lost, clip(ratio, 1 - range, 1 + range));
  return {
    loss: reduceMean(maximum(plain, clipped), [0]),
    clipFraction: reduceMean(cast(greater(clipped, plain), 'float32'), [0]),
    approximateKl: mul(reduceMean(mul(change, change), [0]), 0.5),
  };
}

/**
 * Mean over the rows of KL(policy || reference) between next-token distributions, nats: summed over the vocabulary instead of sampled, which
 * would double the noise of the gradient. Log-probabilities `[tokens, vocabulary]` each.
 */
export const meanKl = (policy: Tensor, reference: Tensor): Tensor =>
  reduceMean(reduceSum(mul(exp(policy), sub(policy, reference)), [-1]), [0]);
