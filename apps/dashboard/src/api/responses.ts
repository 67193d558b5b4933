import { z } from 'zod';
import { runStateSchema, stageStateSchema } from './run-state.ts';

/** `stopped`: the events name no end, and no process writes the run. */
export const runStatusSchema = z.enum(['running', 'finished', 'failed', 'stopped']);

export const runKinds = [
  'audit',
  'saes',
  'fine-tuning',
  'trajectory',
  'planting',
  'prediction',
  'labels',
  'capture',
  'benchmark',
  'other',
] as const;
export const runKindSchema = z.enum(runKinds);

/** What a run says of itself besides its events. */
export const runFactsSchema = z.object({
  kind: runKindSchema,
  settings: z.record(z.string(), z.unknown()),
  models: z.object({ base: z.string(), tuned: z.string() }).nullable(),
  /** The answer of its report; of captures and benchmarks, what they found last. */
  headline: z.string().nullable(),
  /** The command that started it. */
  command: z.string().nullable(),
  hasReport: z.boolean(),
  /** Names of its tables. */
  tables: z.array(z.string()),
});

export const runSummarySchema = runFactsSchema.omit({ settings: true, tables: true }).extend({
  /** Path of the run's folder below the one that is served. */
  id: z.string(),
  name: z.string(),
  status: runStatusSchema,
  startedAt: z.iso.datetime().nullable(),
  lastEventAt: z.iso.datetime().nullable(),
  stagesDone: z.int(),
  stagesTotal: z.int(),
  /** Of the stages, 0 to 1. */
  share: z.number(),
  /** A guess; null where there is nothing to guess from. */
  secondsLeft: z.number().nullable(),
  /** The stage at work. */
  current: stageStateSchema.nullable(),
  failure: z.string().nullable(),
  /** What its curves say now, the first few: for kinds without a headline. */
  latest: z.array(z.object({ name: z.string(), value: z.number() })),
  /** Settings that tell runs of its kind apart. */
  about: z.string(),
  /** Names of what it works on, by what that is; where no report names its models. */
  worksOn: z.record(z.string(), z.string()),
});

/** `GET /api/runs`: latest start first. */
export const runListSchema = z.object({ folder: z.string(), runs: z.array(runSummarySchema) });

/** `GET /api/runs/:id`: the run up to a byte of its event log, from which `/events?from=` goes on. */
export const runDetailSchema = z.object({
  id: z.string(),
  state: runStateSchema,
  facts: runFactsSchema,
  next: z.int().nonnegative(),
  writing: z.boolean(),
  hasReport: z.boolean(),
  /** Of a training that was audited meanwhile: the run that says what was learned when. */
  watch: z.string().optional(),
});

/** Data of the events named `status` in `/api/runs/:id/events`, the first of which says that the stream has begun; unnamed ones are `RunEvent`s. */
export const liveStatusSchema = z.object({ writing: z.boolean(), hasReport: z.boolean() });

/** What every refusal says. */
export const apiErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

/** Kinds without a report: their last finding says what came of them. */
export const isToldByEvents = (kind: RunKind): boolean =>
  kind === 'capture' || kind === 'benchmark';

export type RunStatus = z.infer<typeof runStatusSchema>;
export type RunKind = z.infer<typeof runKindSchema>;
export type RunFacts = z.infer<typeof runFactsSchema>;
export type RunSummary = z.infer<typeof runSummarySchema>;
export type RunList = z.infer<typeof runListSchema>;
export type RunDetail = z.infer<typeof runDetailSchema>;
export type LiveStatus = z.infer<typeof liveStatusSchema>;

/** A run's status for people: what the events tell, corrected by whether anybody writes them. */
export function statusOf(told: RunStatus, writing: boolean): RunStatus {
  return told === 'running' && !writing ? 'stopped' : told;
}
