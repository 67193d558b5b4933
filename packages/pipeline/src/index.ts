export { canonicalJson, hashOf } from './canonical-json.ts';
export { createRunStore } from './run-store/run-store.ts';
export type { RunStoreOptions } from './run-store/open-folder.ts';
export { createTemporaryRunStore } from './run-store/temporary-run-store.ts';
export { isRunLocked } from './run-store/run-lock.ts';
export { readRunEvents } from './run-store/event-log.ts';
export type { EventBatch } from './run-store/event-log.ts';
export { createStageRunner, executeInProcess, stageKey } from './stages.ts';
export type { Stage, StageExecutor, StageRunner, StageRunnerOptions } from './stages.ts';
export type { StageContext } from './stage-context.ts';
export { query, readParquet, writeParquet } from './tables.ts';
export type {
  ColumnType,
  QueryOptions,
  TableRow,
  TableValue,
  WriteParquetOptions,
} from './tables.ts';
export { tokenizeTexts } from './audit/tokenize.ts';
export type { TokenizedTexts } from './audit/tokenize.ts';
export { figuresIn } from './audit/figures-table.ts';
export type { Figure } from './audit/figures-table.ts';
export { runEstimates } from './audit/run-estimates.ts';
export type { Estimates } from './audit/run-estimates.ts';
export { readChangeScores } from './audit/changes/table.ts';
export { runAudit } from './audit/run-audit.ts';
export type { AuditResult } from './audit/run-audit.ts';
export type { AuditInputs, AuditOptions } from './audit/open-audit.ts';
export type { ShiftParts } from './audit/shift.ts';
export type { AuditParts, ScoredWord, TripleMaker } from './audit/parts.ts';
export { auditSettingsSchema, parseAuditSettings } from './audit/settings.ts';
export type { AuditSettings, AuditSettingsInput } from './audit/settings.ts';
