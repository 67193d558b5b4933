export { createTfjsEngine } from './engine.ts';
export type { TfjsEngine } from './engine.ts';
export { tfjsBuilds, tfjsInstallCommand } from './load-tfjs.ts';
export type { TfjsBackend, TfjsBuild, TfjsOptions } from './load-tfjs.ts';
export { interpret } from './interpret.ts';
export type { Interpreter } from './interpret.ts';
export type { Tf, TfTensor } from './kernel.ts';
