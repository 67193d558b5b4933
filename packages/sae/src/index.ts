export { createSae } from './sae.ts';
export type { GraphSae, SaeOptions } from './sae.ts';
export type { SaeKind } from './architectures/architecture.ts';
export { createOnnxTrainer, saeTrainingSettingsSchema } from './training/onnx-trainer.ts';
export type { OnnxTrainerOptions, SaeTrainingSettings } from './training/onnx-trainer.ts';
export { evaluateSae } from './metrics.ts';
export { maxCosineMatch } from './compare.ts';
export { createSaeLensFormat } from './formats/saelens.ts';
export type { SaeLensOptions } from './formats/saelens.ts';
