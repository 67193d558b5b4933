import type { LanguageModel, TokenRows } from '@feedprint/core';
import { sampleRollouts } from './rollout.ts';
import type { RewardFunction } from './rollout.ts';
import { scoreReplies } from './score-replies.ts';

export interface EvaluatePolicyOptions {
  readonly policy: LanguageModel;
  readonly reference: LanguageModel;
  /** Prompts that it was not tuned on. */
  readonly prompts: TokenRows;
  readonly reward: RewardFunction;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
}

/** What a policy is rewarded for, and how far it is from the reference, per reply. */
export interface PolicyEvaluation {
  readonly reward: number;
  /** Of the mean reward. */
  readonly standardError: number;
  /** Mean log-ratio to the reference of what it wrote, nats. */
  readonly kl: number;
}

/** Samples one reply to each prompt; the same seed draws the same replies of the same policy. */
export async function evaluatePolicy({
  policy,
  reference,
  prompts,
  reward,
  ...sampling
}: EvaluatePolicyOptions): Promise<PolicyEvaluation> {
  const rollouts = await sampleRollouts(policy, { prompts, ...sampling });
  const gained = (await reward(rollouts)).map(sumOf);
  const own = await scoreReplies(policy, rollouts);
  const other = await scoreReplies(reference, rollouts);
  const n = rollouts.length;
  const mean = sumOf(gained) / n;
  const squares = sumOf(gained.map((one) => (one - mean) ** 2));
  return {
    reward: mean,
    standardError: Math.sqrt(squares / Math.max(1, n - 1) / n),
    kl: (sumOf(own.logProbs) - sumOf(other.logProbs)) / n,
  };
}

const sumOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);
