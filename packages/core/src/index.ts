export { FeedprintError } from './errors.ts';
export type { FeedprintErrorCode, FeedprintErrorOptions } from './errors.ts';
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
export { fromHalf, halfTable, toHalf } from './safetensors/half.ts';
export { firstRows } from './first-rows.ts';
export { symmetricEigen } from './symmetric-eigen.ts';
export type { SymmetricEigen } from './symmetric-eigen.ts';
export { sameTokens } from './same-tokens.ts';
export { createScaleMeter } from './scale.ts';
export type { ScaleMeter } from './scale.ts';
export { openSafetensors } from './safetensors/read.ts';
export type { SafetensorsFile } from './safetensors/read.ts';
export { writeSafetensors } from './safetensors/write.ts';
export type { TensorToWrite } from './safetensors/write.ts';
export type {
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
export type {
  Attribution,
  AuditStatistics,
  Comparison,
  ChangeAttribution,
  ChangeEvidence,
  ContrastEvidence,
  ControlEstimate,
  Enrichment,
  EstimationInput,
  EstimatorResult,
  ExpectedCounts,
  FeatureDiscrepancy,
  FeedbackEstimator,
  ImpliedReward,
  Judged,
  StatedLine,
  WordEvidence,
  WordFigures,
} from './contracts/estimation.ts';
export type {
  ContrastiveTriple,
  FeedbackExamples,
  FeedbackSignal,
  Granularity,
  PreferencePair,
  Reply,
  TripleSet,
} from './contracts/feedback.ts';
export type {
  ChangeDictionaries,
  ChangeDictionary,
  ChangeDictionaryOptions,
  ChangeFeature,
  ChangeParts,
  ChangeScore,
  ChangedPosition,
  MeasureChangesOptions,
  ModelChanges,
  NormSums,
  PairedRows,
  PrincipalDirections,
  SecondMoments,
  ShiftedToken,
  SiteDifferences,
  VocabularySums,
} from './contracts/changes.ts';
export type { ChangesReport } from './contracts/report/changes.ts';
export type { ShiftClass, ShiftReport } from './contracts/report/shift.ts';
export type { ReplyDiscrepancies, ReplyDiscrepancy, ReplyMeasure } from './contracts/replies.ts';
export type {
  ControlComparison,
  PairAccuracy,
  PairFeatures,
  PairFile,
  PairFinding,
  PairRecord,
  PairTruth,
  PairWord,
  PreferenceAnalysis,
  PreferenceInput,
  PreferenceStatistics,
  ReplyEvidence,
  Weight,
} from './contracts/preferences.ts';
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
export type {
  BootstrapTrace,
  Agreement,
  AgreementAdvantage,
  AgreementAdvantages,
  AgreementInterval,
  AgreementMeasure,
  Contradiction,
  Interval,
  Probe,
  WordDiscrepancy,
  WordEstimate,
} from './contracts/probe.ts';
export type {
  ActivationExample,
  ChatMessage,
  ChatModel,
  Classification,
  ExplanationScore,
  FeatureEvidence,
  Labeler,
} from './contracts/labeling.ts';
export { limitConcurrency } from './limit-concurrency.ts';
export { dataRule, quoteData } from './prompt-data.ts';
export { plainWord } from './plain-word.ts';
export { batchTexts, positionsPerBatch } from './text-batches.ts';
export { runEventSchema } from './contracts/run.ts';
export type { Artifact, RunEvent, RunEventInput, RunStore } from './contracts/run.ts';
export { auditReportSchema } from './contracts/report/report.ts';
export type {
  AgreementMeasuresReport,
  AgreementReport,
  AuditReport,
  FeatureReport,
  PreferencesReport,
  RepliesReport,
  WordReport,
} from './contracts/report/report.ts';
