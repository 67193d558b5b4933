export { replyAdvantages, whiten } from './ppo/advantages.ts';
export type { AdvantageSettings, ReplyAdvantages } from './ppo/advantages.ts';
export { addRewards, replyRewards, tokenRewards } from './ppo/rewards.ts';
export { rolloutText, sampleRollouts } from './ppo/rollout.ts';
export type { RewardFunction, Rollout, RolloutOptions } from './ppo/rollout.ts';
export { scoreReplies } from './ppo/score-replies.ts';
export type { ScoreOptions, ScoredReplies } from './ppo/score-replies.ts';
