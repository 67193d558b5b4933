export { runStoreConformance } from './run-store-conformance.ts';
export type { RunStoreConformanceOptions } from './run-store-conformance.ts';
export { feedbackSignalConformance } from './feedback-signal-conformance.ts';
export { labelerConformance } from './labeler-conformance.ts';
export { probeConformance } from './probe-conformance.ts';
export type { ProbeConformanceOptions } from './probe-conformance.ts';
export { languageModelConformance } from './language-model-conformance.ts';
