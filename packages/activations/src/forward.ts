/** What a program builds graphs of its own over a model's weights from. */
export { buildHidden, unembed } from './architectures/forward.ts';
export type { Transformer } from './architectures/forward.ts';
export type { Tap } from './architectures/forward-context.ts';
export type { Decoder, Linear } from './architectures/decoder.ts';
export { linearLayers } from './architectures/linear-layers.ts';
export { createWeights } from './architectures/weights.ts';
export type { Weights } from './architectures/weights.ts';
export type { Checkpoint } from './checkpoint/checkpoint.ts';
export { addLowRank, transposed } from './checkpoint/low-rank.ts';
export { surveyForward } from './model/forward-graph.ts';
export { batchFeeds, packRows } from './model/token-batch.ts';
export type { TokenBatch } from './model/token-batch.ts';
