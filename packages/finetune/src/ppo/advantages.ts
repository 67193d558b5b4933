/** How rewards later in a reply count for a token. */
export interface AdvantageSettings {
  /** What a reward one token later is worth, in [0, 1]. */
  readonly discount: number;
  /** Weight of longer returns against the value estimate, in [0, 1]: lambda of GAE. */
  readonly smoothing: number;
}

/** Per token of one reply, `[tokens]` each. */
export interface ReplyAdvantages {
  readonly advantages: Float64Array;
  /** What the value head is to predict: advantages plus values. */
  readonly returns: Float64Array;
}

/**
 * Generalised advantage estimates of one reply (Schulman et al. 2016), as in TRL's PPOTrainer: nothing follows the last token.
 * `rewards` and `values` `[tokens]`; with values of 0 and a smoothing of 1, advantages are discounted returns.
 */
export function replyAdvantages(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  { discount, smoothing }: AdvantageSettings,
): ReplyAdvantages {
  const advantages = new Float64Array(rewards.length);
  let following = 0;
  let running = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const value = values[t] as number;
    const error = (rewards[t] as number) + discount * following - value;
    running = error + discount * smoothing * running;
    advantages[t] = running;
    following = value;
  }
  return { advantages, returns: advantages.map((gain, t) => gain + (values[t] as number)) };
}

/** Kept away from a division by 0, as in TRL. */
const LEAST_VARIANCE = 1e-8;

/** The values less their mean, over their standard deviation (of n - 1); over all tokens of a batch, as TRL's masked_whiten. */
export function whiten(values: Float64Array): Float64Array {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const scale = 1 / Math.sqrt(squares / Math.max(1, n - 1) + LEAST_VARIANCE);
  return values.map((value) => (value - mean) * scale);
}
