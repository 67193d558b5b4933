export { loadModel } from './model/load-model.ts';
export type { LoadOptions } from './model/load-model.ts';
export { parameterDivergence } from './divergence.ts';
export { knownArchitectures } from './checkpoint/config.ts';
