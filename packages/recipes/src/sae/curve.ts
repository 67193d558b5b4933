import type { RunEvent, RunEventInput, RunStore } from '@feedprint/core';
import { z } from 'zod';

/** Metrics that are the same each time a training is repeated; others, such as its speed, are not kept. */
const lasting = ['loss', 'mse', 'explainedVariance', 'l0', 'dead', 'divergence'] as const;

/** What training reported, step by step, by SAE name. */
export const curvesSchema = z.record(
  z.string(),
  z.array(z.object({ step: z.int() }).catchall(z.number())),
);
export type Curves = z.infer<typeof curvesSchema>;

export interface CurveRecorder {
  /** A metric of a job, as the trainer reports it. */
  event(event: RunEventInput): void;
  /** By job, in the order of the steps. */
  curves(): Curves;
}

export interface CurveOptions {
  readonly stage: string;
  readonly jobs: readonly string[];
  /**
   * The run itself rather than a stage's context, which throws once the run is to stop, when the trainer still has to
   * save its state.
   */
  readonly run: Pick<RunStore, 'events' | 'append'>;
}

/**
 * Passes on the metrics of all jobs as curves of one stage, after those that earlier starts reported for the steps that
 * a checkpoint saves: the curves then look as if nothing had happened.
 */
export async function createCurveRecorder({
  stage,
  jobs,
  run,
}: CurveOptions): Promise<CurveRecorder> {
  const earlier: RunEvent[] = [];
  for await (const event of run.events()) earlier.push(event);
  const report = (name: string, step: number, value: number): void =>
    run.append({ type: 'metric', stage, name, step, value });
  const suffix = (job: string): string => (jobs.length > 1 ? ` (${job})` : '');
  const points = new Map<string, Map<number, Record<string, number>>>(
    jobs.map((job) => [job, new Map()]),
  );
  const keep = (job: string, metric: string, step: number, value: number): void => {
    const steps = points.get(job) as Map<number, Record<string, number>>;
    const point = steps.get(step) ?? {};
    point[metric] = value;
    steps.set(step, point);
  };
  let replayed = false;
  const replay = (before: number): void => {
    if (replayed) return;
    replayed = true;
    for (const event of earlier) {
      if (event.type !== 'metric' || event.stage !== stage || event.step >= before) continue;
      const job = jobs.find((name) => event.name.endsWith(suffix(name)));
      if (job === undefined) continue;
      keep(
        job,
        event.name.slice(0, event.name.length - suffix(job).length),
        event.step,
        event.value,
      );
    }
    for (const [job, steps] of points) {
      for (const [step, point] of sorted(steps)) {
        for (const [metric, value] of Object.entries(point)) {
          report(`${metric}${suffix(job)}`, step, value);
        }
      }
    }
  };
  return {
    event(event) {
      if (event.type !== 'metric' || !points.has(event.stage)) return;
      replay(event.step);
      keep(event.stage, event.name, event.step, event.value);
      report(`${event.name}${suffix(event.stage)}`, event.step, event.value);
    },
    curves() {
      replay(Infinity);
      return Object.fromEntries(
        [...points].map(([job, steps]) => [
          job,
          sorted(steps).map(([step, point]) => {
            const kept = lasting.filter((name) => point[name] !== undefined);
            return { step, ...Object.fromEntries(kept.map((name) => [name, point[name]])) };
          }),
        ]),
      );
    },
  };
}

const sorted = <T>(steps: ReadonlyMap<number, T>): [number, T][] =>
  [...steps].sort(([a], [b]) => a - b);
