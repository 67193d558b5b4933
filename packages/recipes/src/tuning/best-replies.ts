import type { RewardFunction, Rollout, TokenSequence } from '@feedprint/finetune';

/** Rejection sampling: the reply to each prompt that is rewarded most, the first of equal ones. `rollouts` has those to one prompt one after another. */
export async function bestReplies(
  rollouts: readonly Rollout[],
  each: number,
  reward: RewardFunction,
): Promise<TokenSequence[]> {
  const gained = (await reward(rollouts)).map((one) => one.reduce((sum, value) => sum + value, 0));
  return Array.from({ length: rollouts.length / each }, (_, p) => {
    const own = Array.from({ length: each }, (__, i) => p * each + i);
    const best = own.reduce((a, b) => ((gained[b] as number) > (gained[a] as number) ? b : a));
    return sequenceOf(rollouts[best] as Rollout);
  });
}

export const sequenceOf = ({ prompt, reply }: Rollout): TokenSequence => ({
  ids: [...prompt, ...reply],
  start: prompt.length,
});
