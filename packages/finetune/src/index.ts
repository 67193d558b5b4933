export { createTrainer } from './trainer/create-trainer.ts';
export type {
  SaveOptions,
  Trainer,
  TrainerOptions,
  TrainerState,
} from './trainer/create-trainer.ts';
export type { SavedDtype } from './save/save-model.ts';
export type { Metrics } from './trainer/policy.ts';
export type { AdamWSettings } from './trainer/adamw.ts';
export type { LoraSettings, Trainable } from './parameters/trainable.ts';
export type { Head, Measured, Method, Objective, PolicyPass } from './methods/method.ts';
export { column, scalar } from './methods/scalar.ts';
export { sft } from './methods/sft.ts';
export { dpo } from './methods/dpo.ts';
export type { DpoSettings } from './methods/dpo.ts';
export { ipo } from './methods/ipo.ts';
export type { IpoSettings } from './methods/ipo.ts';
export { kto } from './methods/kto.ts';
export type { KtoSettings, LabelledItem } from './methods/kto.ts';
export type { PreferenceItem } from './methods/preference.ts';
export { replyLogProbs, tokenLogProbs } from './reference-log-probs.ts';
export { replyLength } from './token-sequence.ts';
export type { TokenSequence } from './token-sequence.ts';
export { finetune } from './training/finetune.ts';
export type { Finetuned, FinetuneOptions } from './training/finetune.ts';
export type { HistoryPoint } from './training/history.ts';
export { parseTrainingSettings, stepsOf, trainingSettingsSchema } from './training/settings.ts';
export type { TrainingSettings } from './training/settings.ts';
export { endToken } from './end-token.ts';
export { ppo } from './methods/ppo.ts';
export type { PpoItem, PpoSettings } from './methods/ppo.ts';
export { replyAdvantages, whiten } from './ppo/advantages.ts';
export type { AdvantageSettings, ReplyAdvantages } from './ppo/advantages.ts';
export { addRewards, replyRewards, tokenRewards } from './ppo/rewards.ts';
export { rolloutText, sampleRollouts } from './ppo/rollout.ts';
export type { RewardFunction, Rollout, RolloutOptions } from './ppo/rollout.ts';
export { scoreReplies } from './ppo/score-replies.ts';
export type { ScoreOptions, ScoredReplies } from './ppo/score-replies.ts';
export { createPpoLoop } from './ppo/ppo-loop.ts';
export type { PpoLoop, PpoLoopOptions } from './ppo/ppo-loop.ts';
export { klPlaces, ppoSettingsSchema } from './ppo/ppo-settings.ts';
export type { PpoTrainingInput, PpoTrainingSettings } from './ppo/ppo-settings.ts';
export { evaluatePolicy } from './ppo/evaluate-policy.ts';
export type { EvaluatePolicyOptions, PolicyEvaluation } from './ppo/evaluate-policy.ts';
export { finetuneByPpo } from './ppo/finetune-by-ppo.ts';
export type { FinetuneByPpoOptions } from './ppo/finetune-by-ppo.ts';
