import type { FeedbackSignal, LanguageModel } from '@feedprint/core';
import { rolloutText } from './rollout.ts';
import type { RewardFunction, Rollout } from './rollout.ts';

/** Rewards each token by itself: `values` by vocabulary id, 0 for all others. */
export const tokenRewards =
  (values: ReadonlyMap<number, number>): RewardFunction =>
  (rollouts) =>
    Promise.resolve(
      rollouts.map(({ reply }) => Float64Array.from(reply, (token) => values.get(token) ?? 0)),
    );

/** Rewards a whole reply at its last token; one that the signal says nothing of gets 0. */
export const replyRewards =
  (model: Pick<LanguageModel, 'tokenizer'>, signal: FeedbackSignal<'sequence'>): RewardFunction =>
  async (rollouts) => {
    const scores = await signal.score(rollouts.map((rollout) => rolloutText(model, rollout)));
    return rollouts.map(({ reply }, i) => {
      const rewards = new Float64Array(reply.length);
      rewards[reply.length - 1] = scores[i] ?? 0;
      return rewards;
    });
  };

/** The sum of several rewards, each times its factor. */
export const addRewards =
  (
    parts: readonly { readonly reward: RewardFunction; readonly factor: number }[],
  ): RewardFunction =>
  async (rollouts: readonly Rollout[]) => {
    const all = await Promise.all(parts.map(({ reward }) => reward(rollouts)));
    return rollouts.map(({ reply }, i) =>
      Float64Array.from(reply, (_, t) =>
        parts.reduce((sum, { factor }, p) => sum + factor * ((all[p]?.[i]?.[t] as number) || 0), 0),
      ),
    );
  };
