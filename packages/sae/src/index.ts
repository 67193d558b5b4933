export { createSae } from './sae.ts';
export type { GraphSae, SaeOptions } from './sae.ts';
export type { SaeKind, SaeKindName } from './architectures/kinds.ts';
export { createSaeTrainer } from './training/trainer.ts';
export type { SaeTrainerOptions } from './training/trainer.ts';
export { createOnnxTrainer } from './training/onnx-trainer.ts';
export type { OnnxTrainerOptions } from './training/onnx-trainer.ts';
export { saeTrainingSettingsSchema } from './training/settings.ts';
export type { SaeTrainingSettings } from './training/settings.ts';
export { calibrateThreshold, checkTarget } from './training/calibrate-threshold.ts';
export type { CalibrationOptions } from './training/calibrate-threshold.ts';
export { checkStart } from './training/continued-weights.ts';
export type { WantedSae } from './training/continued-weights.ts';
export { outputMetric } from './training/output-metric.ts';
export type { OutputMetricOptions } from './training/output-metric.ts';
export { sweepJobs } from './training/sweep.ts';
export type { SweepGrid } from './training/sweep.ts';
export { encodeRows } from './encode-rows.ts';
export type { EncodedRows, EncodeRowsOptions } from './encode-rows.ts';
export { poolFeatures } from './pool-features.ts';
export type { PooledFeatures, PoolOptions } from './pool-features.ts';
export { evaluateSae } from './metrics/evaluate-sae.ts';
export type { StoreRange } from './metrics/row-reader.ts';
export { evaluateInModel } from './metrics/evaluate-in-model.ts';
export type { InModelOptions } from './metrics/evaluate-in-model.ts';
export { compareDictionaries } from './compare/compare-dictionaries.ts';
export type { CompareOptions, DictionaryPair } from './compare/compare-dictionaries.ts';
export { matchOneToOne } from './compare/match-one-to-one.ts';
export { maxCosineMatch } from './compare/max-cosine-match.ts';
export { readSae } from './formats/read-sae.ts';
export type { SaeReadOptions } from './formats/sae-reader.ts';
export { checkOrientation } from './formats/orientation.ts';
export type { OrientationCheck, Transposed } from './formats/orientation.ts';
export { createFeedprintFormat, createSaeLensFormat } from './formats/saelens.ts';
export type { SaeLensOptions } from './formats/saelens.ts';
export { checkFinetuning, finetuneSae } from './finetune/finetune-sae.ts';
export type { FinetuneOptions } from './finetune/finetune-sae.ts';
export type { FinetuneMetrics } from './finetune/finetuning.ts';
export { finetuneSettingsSchema, parseFinetuneSettings } from './finetune/settings.ts';
export type { FinetuneSettings } from './finetune/settings.ts';
export { randomizeSae } from './randomize.ts';
export { saeFingerprint } from './fingerprint.ts';
export { concatStores, differenceStore } from './crosscoder/paired-stores.ts';
export { createChangeDictionaries } from './crosscoder/change-dictionaries.ts';
export type { ChangeDictionariesOptions } from './crosscoder/change-dictionaries.ts';
export type {
  ChangeDictionaries,
  ChangeDictionary,
  ChangeDictionaryOptions,
  ChangeFeature,
} from './crosscoder/change-dictionary.ts';
export { latentScaling } from './crosscoder/latent-scaling.ts';
export type {
  Betas,
  LatentScaling,
  LatentScalingOptions,
  PairModel,
} from './crosscoder/latent-scaling.ts';
export { relativeNorms } from './crosscoder/relative-norm.ts';
export type { FeatureOwner, RelativeNorms } from './crosscoder/relative-norm.ts';
export { trainSignedSae } from './signed/train-signed-sae.ts';
export type { SignedSae, SignedSaeOptions } from './signed/train-signed-sae.ts';
export { normalizeRows, preActivations } from './signed/signed-weights.ts';
export type { SignedWeights } from './signed/signed-weights.ts';
