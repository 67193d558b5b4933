import type { LanguageModel, Reply, TokenRows } from '@feedprint/core';

/** What a policy answered to a prompt. */
export interface Rollout {
  /** At least one token. */
  readonly prompt: readonly number[];
  /** New tokens; the last one is the special token that ended the reply, if one did. */
  readonly reply: readonly number[];
}

/**
 * Rewards of replies, one list per reply with a number for each of its tokens. What is given to a whole reply is the reward of its last token.
 * It must depend on each rollout alone.
 */
export type RewardFunction = (rollouts: readonly Rollout[]) => Promise<readonly Float64Array[]>;

export interface RolloutOptions {
  readonly prompts: TokenRows;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
}

/** Samples a reply to each prompt: at least one token, where the prompt leaves room for it. */
export async function sampleRollouts(
  policy: Pick<LanguageModel, 'generate'>,
  { prompts, ...sampling }: RolloutOptions,
): Promise<Rollout[]> {
  const replies = await policy.generate(prompts, { ...sampling, keepEnd: true });
  return replies.map((reply, i) => ({
    prompt: Array.from(prompts[i] as ArrayLike<number>),
    reply,
  }));
}

/** A rollout as text, without the token that ended it. */
export function rolloutText(
  { tokenizer }: Pick<LanguageModel, 'tokenizer'>,
  { prompt, reply }: Rollout,
): Reply {
  const plain = (ids: readonly number[]): number[] =>
    ids.filter((id) => !tokenizer.specialIds.has(id));
  const before = tokenizer.decode(plain(prompt));
  const whole = tokenizer.decode(plain([...prompt, ...reply]));
  return {
    prompt: before,
    reply: whole.startsWith(before) ? whole.slice(before.length) : tokenizer.decode(plain(reply)),
  };
}

/** Tokens of all replies together. */
export const replyTokens = (rollouts: readonly Rollout[]): number =>
  rollouts.reduce((sum, { reply }) => sum + reply.length, 0);
