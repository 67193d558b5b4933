export { loadModel } from './model/load-model.ts';
export type { LoadOptions } from './model/load-model.ts';
export type { CheckpointModel } from './model/checkpoint-model.ts';
export { parameterDivergence } from './divergence/parameter-divergence.ts';
export { componentDivergence } from './divergence/component-divergence.ts';
export type { ComponentDivergence } from './divergence/component-divergence.ts';
export type { Component } from './divergence/component-of.ts';
export { exchangeParameters } from './exchange/exchange-parameters.ts';
export { parameterGroups } from './exchange/parameter-groups.ts';
export type { ParameterGroup } from './exchange/parameter-groups.ts';
export { activationDivergence } from './divergence/activation-divergence.ts';
export type {
  ActivationDivergence,
  ActivationDivergenceOptions,
} from './divergence/activation-divergence.ts';
export { createRowDistanceMeter } from './divergence/row-distances.ts';
export type { RowDistances } from './divergence/row-distances.ts';
export { measureChanges } from './changes/measure-changes.ts';
export type {
  MeasureChangesOptions,
  ModelChanges,
  NormSums,
  PairedRows,
  SecondMoments,
  SiteDifferences,
  VocabularySums,
} from './changes/model-changes.ts';
export { mostChanged } from './changes/most-changed.ts';
export type { ChangedPosition } from './changes/most-changed.ts';
export { principalDirections } from './changes/principal-directions.ts';
export type { PrincipalDirections } from './changes/principal-directions.ts';
export { directEffects } from './changes/direct-effects.ts';
export { lastSite, unembedRows } from './changes/unembed-rows.ts';
export { unembeddingRows } from './changes/unembedding-rows.ts';
export { steer } from './edits/steering.ts';
export type { Steering } from './edits/steering.ts';
export { tokenShift } from './changes/token-shift.ts';
export type { ShiftedToken, TokenShiftOptions } from './changes/token-shift.ts';
export { addedText } from './generation/added-text.ts';
export { generate, generateWith } from './generation/generate.ts';
export type { GeneratingModel } from './generation/generate.ts';
export { createSampler } from './generation/sampler.ts';
export type { Sampler, SamplerSettings, TokenDistribution } from './generation/sampler.ts';
export { knownArchitectures } from './architectures/architectures.ts';
export { createShardedStoreFormat } from './capture/activation-store.ts';
export type { ShardOptions } from './capture/activation-store.ts';
export { storeDtypes } from './capture/shard-index.ts';
export type { StoreDtype } from './capture/shard-index.ts';
export { captureActivations, openCapture } from './capture/capture-activations.ts';
export type { CaptureOptions, OpenCapture } from './capture/capture-activations.ts';
export { divideTexts, paddingShares, streamBatching } from './capture/text-batches.ts';
export type {
  DivideOptions,
  DividedTexts,
  PaddingShares,
  TextBatch,
  TextWindow,
} from './capture/text-batches.ts';
export { createMemoryStore } from './capture/memory-store.ts';
export { createModelStore } from './capture/model-store.ts';
export type { ModelStoreOptions } from './capture/model-store.ts';
export { encodeTexts } from './encode-texts.ts';
export type { EncodedTexts, EncodeTextsOptions } from './encode-texts.ts';
export { applyChatTemplate } from './checkpoint/chat-template.ts';
export { readTokenizer } from './checkpoint/tokenizer.ts';
export type { ChatOptions } from './checkpoint/chat-template.ts';
export { resolveModel } from './checkpoint/hub.ts';
export { resolveDataset } from './checkpoint/hub-dataset.ts';
export type { HubOptions } from './checkpoint/hub-options.ts';
export { findOnnxFile } from './onnx/find-onnx-file.ts';
export { loadOnnxModel } from './onnx/load-onnx-model.ts';
export type { OnnxImport, OnnxLanguageModel, OnnxLoadOptions } from './onnx/load-onnx-model.ts';
export type { MissingSite } from './onnx/find-sites.ts';
