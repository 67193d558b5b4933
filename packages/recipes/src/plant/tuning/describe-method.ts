import type { PlantSettings } from '../settings.ts';

/**
 * How models are tuned, in words: equal for the models of one base that differ in nothing but their feedback and their seed, which makes
 * them twins for the benchmark.
 */
export function describeMethod(settings: PlantSettings): string {
  const { method, ppo, passes, beta, lora, pairs, bestOf, replyTokens } = settings;
  if (method === 'ppo') {
    const kl = ppo.klIn === 'loss' ? 'exact KL in the loss' : 'log-ratio off the rewards';
    return (
      `PPO (clip ${ppo.clip}, ${ppo.epochs} epochs, ${ppo.iterations} times ${ppo.replies} replies of ${replyTokens} tokens), ` +
      `feedback per token x ${ppo.rewardScale}, ${kl} x ${ppo.klWeight}`
    );
  }
  const passed = `${passes.epochs} epochs at ${passes.learningRate}`;
  if (method === 'sft') {
    return `SFT (${passed}) on the best of ${bestOf} replies of ${replyTokens} tokens to ${pairs} prompts`;
  }
  const where = method === 'dpo' ? 'DPO' : `DPO of low-rank updates (rank ${lora.rank})`;
  return `${where} (beta ${beta}, ${passed}) on ${pairs} pairs of replies of ${replyTokens} tokens`;
}
