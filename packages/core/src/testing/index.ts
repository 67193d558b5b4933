export { runStoreConformance } from './run-store-conformance.ts';
export type { RunStoreConformanceOptions } from './run-store-conformance.ts';
