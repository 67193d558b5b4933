export { loadModel } from './model/load-model.ts';
export type { LoadOptions } from './model/load-model.ts';
export { parameterDivergence } from './divergence.ts';
export { knownArchitectures } from './checkpoint/config.ts';
export { createShardedStoreFormat } from './capture/activation-store.ts';
export type { ShardOptions } from './capture/activation-store.ts';
export { createMemoryStore } from './capture/memory-store.ts';
export { createModelStore } from './capture/model-store.ts';
export type { ModelStoreOptions } from './capture/model-store.ts';
