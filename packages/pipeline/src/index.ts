export { canonicalJson, hashOf } from './canonical-json.ts';
export { readJson, writeJson } from './json-files.ts';
export { createRunStore } from './run-store/run-store.ts';
export type { RunStoreOptions } from './run-store/open-folder.ts';
export { createTemporaryRunStore } from './run-store/temporary-run-store.ts';
export { isRunLocked, runWriter } from './run-store/run-lock.ts';
export { readRunEvents } from './run-store/event-log.ts';
export type { EventBatch } from './run-store/event-log.ts';
export { defineStage, defineStages, stagesIn } from './stage.ts';
export type {
  Need,
  Needs,
  OutputsOf,
  Stage,
  StageDefinition,
  StageGroup,
  StageJob,
} from './stage.ts';
export type { StageContext } from './stage-context.ts';
export { createStageRun, executeInProcess, stageKey } from './stage-run.ts';
export type { StageExecutor, StageRun, StageRunOptions, StageTask } from './stage-run.ts';
export { stageSeconds } from './stage-seconds.ts';
export { withRun } from './with-run.ts';
export type { Run, RunOptions } from './with-run.ts';
export type { RunDescription } from './run-description.ts';
export { query, readParquet, writeParquet } from './tables.ts';
export type {
  ColumnType,
  QueryOptions,
  TableRow,
  TableValue,
  WriteParquetOptions,
} from './tables.ts';
