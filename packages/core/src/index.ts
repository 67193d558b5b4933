export { FeedprintError } from './errors.ts';
export type { FeedprintErrorCode, FeedprintErrorOptions } from './errors.ts';
export { throwIfCancelled } from './cancellation.ts';
export { createRandom, hash32 } from './random.ts';
export type { Random } from './random.ts';
export {
  assertFinite,
  concatColumns,
  dot,
  matrix,
  norm,
  row,
  takeColumns,
  takeRows,
} from './matrix.ts';
export type { Matrix } from './matrix.ts';
export { fromHalf, halfTable, toBfloat16, toHalf } from './safetensors/half.ts';
export { firstRows } from './first-rows.ts';
export { sameTokens } from './same-tokens.ts';
export { createScaleMeter } from './scale.ts';
export type { ScaleMeter } from './scale.ts';
export { openSafetensors } from './safetensors/read.ts';
export type { SafetensorsFile } from './safetensors/read.ts';
export { writeSafetensors } from './safetensors/write.ts';
export type { TensorToWrite } from './safetensors/write.ts';
export type {
  ChatTemplate,
  CotangentGradients,
  DivergenceMeasure,
  Edit,
  EncodeOptions,
  GradientRequest,
  LanguageModel,
  LayerDivergence,
  ModelInfo,
  NamedTensor,
  RunRequest,
  RunResult,
  Sampling,
  Site,
  SiteInfo,
  TargetGradients,
  Tokenizer,
  TokenRows,
} from './contracts/language-model.ts';
export type {
  ActivationRows,
  ActivationStore,
  ActivationStoreFormat,
  ActivationStoreWriter,
  Provenance,
  SiteScale,
  StoreOrigin,
} from './contracts/activation-store.ts';
export type { Property, PropertySource, PropertyWords } from './contracts/property.ts';
export type {
  ChatTurn,
  ContrastiveTriple,
  FeedbackExamples,
  FeedbackSignal,
  Granularity,
  PreferencePair,
  Reply,
  TripleSet,
} from './contracts/feedback.ts';
export type {
  DensityHistogram,
  DictionaryComparison,
  DictionaryMatcher,
  FeatureMatch,
  InModelMetrics,
  Recovered,
  SaeFormat,
  SaeJob,
  SaeMetrics,
  SaeStepMetrics,
  SaeTrainer,
  SaeTrainingOptions,
  SaeTrainingRun,
  SaeWeights,
  SparseAutoencoder,
} from './contracts/sparse-autoencoder.ts';
export type { Part } from './contracts/part.ts';
export type { Probe } from './contracts/probe.ts';
export type {
  ActivationExample,
  ActivationStatistics,
  ChatMessage,
  ChatModel,
  Classification,
  ExplanationScore,
  FeatureEvidence,
  Labeler,
  SimulationScore,
  WrittenToken,
} from './contracts/labeling.ts';
export { limitConcurrency } from './limit-concurrency.ts';
export { dataRule, quoteData } from './prompt-data.ts';
export { plainWord } from './plain-word.ts';
export { batchTexts, positionsPerBatch } from './text-batches.ts';
export { runEventSchema } from './contracts/run.ts';
export type { Artifact, RunEvent, RunEventInput, RunStore } from './contracts/run.ts';
