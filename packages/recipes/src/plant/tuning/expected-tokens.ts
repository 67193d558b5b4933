import type { PlantSettings } from '../settings.ts';

/** New tokens that tuning learns from, each sampled reply counted once. */
export function expectedTokens({
  method,
  ppo,
  pairs,
  replyTokens,
}: Pick<PlantSettings, 'method' | 'ppo' | 'pairs' | 'replyTokens'>): number {
  const replies = { ppo: ppo.iterations * ppo.replies, sft: pairs, dpo: 2 * pairs };
  return replies[method === 'lora-dpo' ? 'dpo' : method] * replyTokens;
}
