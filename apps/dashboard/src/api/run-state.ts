import { z } from 'zod';

const moment = z.iso.datetime().nullable();

export const stageStateSchema = z.object({
  name: z.string(),
  /** `reused`: an earlier start had finished it. `interrupted`: the run ended while it was running. */
  status: z.enum(['waiting', 'running', 'finished', 'reused', 'interrupted']),
  startedAt: moment,
  endedAt: moment,
  done: z.number().nullable(),
  total: z.number().nullable(),
  unit: z.string(),
  /** Units a second since the first progress of this start. */
  rate: z.number().nullable(),
});

export const curveSchema = z.object({
  stage: z.string(),
  name: z.string(),
  /** `[step, value]`, thinned out evenly to some hundreds. */
  points: z.array(z.tuple([z.number(), z.number()])),
  last: z.tuple([z.number(), z.number()]),
  /** Every which point is kept, and how many there were. */
  stride: z.int().positive(),
  seen: z.int().nonnegative(),
});

export const runStateSchema = z.object({
  name: z.string(),
  /** As the events tell, `stopped` where the user asked for it; whether somebody still writes them is not known here. */
  status: z.enum(['running', 'finished', 'failed', 'stopped']),
  /** Of the latest start. */
  startedAt: moment,
  lastEventAt: moment,
  starts: z.int().nonnegative(),
  /** The command line of the latest start; null where it did not say. */
  command: z.string().nullable(),
  /** Names of what it works on, by what that is: model, base, texts, site. */
  worksOn: z.record(z.string(), z.string()),
  stages: z.array(stageStateSchema),
  curves: z.array(curveSchema),
  findings: z.array(z.object({ stage: z.string(), text: z.string() })),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type StageState = z.infer<typeof stageStateSchema>;
export type Curve = z.infer<typeof curveSchema>;
export type RunState = z.infer<typeof runStateSchema>;
