import {
  cast,
  clip,
  customGradient,
  exp,
  greater,
  logSoftmax,
  maximum,
  mul,
  neg,
  reduceSum,
  sub,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/** What the policy's loss is computed from, a row per sampled token, `[tokens, 1]` each. */
export interface SampledTokens {
  /** Log-probability under the policy that is being trained. */
  readonly logProbs: Tensor;
  /** The same under the policy that sampled them. */
  readonly oldLogProbs: Tensor;
  readonly advantages: Tensor;
}

/** `[tokens, 1]` each; TRL reports their means. */
export interface PolicyTerms {
  readonly loss: Tensor;
  /** 1 where the clipped ratio decides. */
  readonly isClipped: Tensor;
  /** Half the squared change of log-probability since sampling: how far one batch has moved the policy. */
  readonly approximateKl: Tensor;
}

/**
 * The clipped surrogate of PPO (Schulman et al. 2017, equation 7), negated, per token: ratios outside `[1 - range, 1 + range]` gain
 * nothing.
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
    loss: maximum(plain, clipped),
    isClipped: cast(greater(clipped, plain), 'float32'),
    approximateKl: mul(mul(change, change), 0.5),
  };
}

/**
 * KL(policy || reference) of next-token distributions, nats, `[tokens, 1]`: summed over the vocabulary instead of sampled, so that
 * it adds no noise to the gradient. `logits` and the reference's log-probabilities `[tokens, vocabulary]`. Its gradient,
 * p (log p - log r - KL), takes two passes over the logits.
 */
export function exactKl(logits: Tensor, reference: Tensor): Tensor {
  const own = logSoftmax(logits);
  const ratio = sub(own, reference);
  const weighted = mul(exp(own), ratio);
  const kl = reduceSum(weighted, [-1], true);
  return customGradient(kl, [logits], (g) => [mul(sub(weighted, mul(exp(own), kl)), g)]);
}
