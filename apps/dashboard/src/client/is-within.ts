import type { RunSummary } from '../api/responses.ts';

/** Whether a run lies in the folder of another, which some keep in `run` below what they leave. */
export const isWithin = (run: Pick<RunSummary, 'id'>, other: Pick<RunSummary, 'id'>): boolean =>
  run !== other && run.id.startsWith(`${other.id.replace(/\/run$/, '')}/`);
