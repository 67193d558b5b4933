import { FeedprintError } from '@feedprint/core';
import type {
  Matrix,
  SaeJob,
  SaeStepMetrics,
  SaeTrainingRun,
  SparseAutoencoder,
} from '@feedprint/core';
import type { Engine } from '@feedprint/graph';
import { checkpointKey, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { hashOf, saeFingerprint } from '../fingerprint.ts';
import { createRowStream } from './row-stream.ts';
import { startTraining } from './sae-training.ts';
import type { SaeTraining } from './sae-training.ts';
import type { SaeTrainingSettings } from './settings.ts';
import { createStopwatch } from './stopwatch.ts';

export interface PlannedJob {
  readonly job: SaeJob;
  readonly settings: SaeTrainingSettings;
}

export interface GroupOptions extends SaeTrainingRun {
  readonly engine: Engine;
  readonly threads: number | undefined;
  /** This group's part of the checkpoint folder. */
  readonly folder: string | undefined;
}

/** Trains jobs that need the same rows in the same order, all on one stream. */
export async function trainGroup(
  group: readonly PlannedJob[],
  options: GroupOptions,
): Promise<[SaeJob, SparseAutoencoder][]> {
  const { engine, threads, folder, checkpoint, signal, clock = () => performance.now() } = options;
  const [first] = group as [PlannedJob];
  const { batchRows, bufferRows, shuffleSeed } = first.settings;
  const sites = [...new Set(group.map(({ job }) => job.site))];
  const key = folder === undefined ? '' : await keyOf(group, engine);
  const found = folder === undefined ? undefined : readCheckpoint(folder, key);
  const stream = await createRowStream(
    first.job.store,
    { sites, batchRows, bufferRows, seed: shuffleSeed },
    found?.stream,
  );
  const trainings: { job: SaeJob; training: SaeTraining }[] = [];
  try {
    for (const { job, settings: own } of group) {
      const training = await startTraining(job, own, engine, threads);
      trainings.push({ job, training });
      const state = found?.jobs[job.name];
      if (state) training.restore(state);
    }
    const steps = Math.max(...trainings.map(({ training }) => training.steps));
    const every = checkpoint && Math.max(1, Math.round(checkpoint.everyTokens / batchRows));
    const stopwatch = createStopwatch(clock, found?.step ?? 0);
    for (let step = (found?.step ?? 0) + 1; step <= steps; step++) {
      const batch = await stopwatch.waiting(stream.next());
      const cancelled = signal?.aborted ?? false;
      const keeps = every !== undefined && (step % every === 0 || step === steps || cancelled);
      for (const { job, training } of trainings) {
        if (step > training.steps) continue;
        const taking = training.step(step, batch.get(job.site) as Matrix);
        if (!keeps && step < steps) stream.prefetch();
        const metrics = await taking;
        if (isReported(step, training.steps)) {
          report(options, job, metrics, stopwatch.since(job.name, step, batchRows));
        }
      }
      if (keeps && folder !== undefined) {
        const jobs = trainings.map(({ job, training }) => [job.name, training.state()] as const);
        await writeCheckpoint(folder, key, {
          step,
          stream: stream.state(),
          jobs: Object.fromEntries(jobs),
        });
      }
      if (cancelled) throw wasCancelled(step, steps, folder);
    }
    const saes: [SaeJob, SparseAutoencoder][] = [];
    for (const { job, training } of trainings) saes.push([job, await training.sae()]);
    return saes;
  } finally {
    for (const { training } of trainings) await training.dispose();
  }
}

function report(
  { onStep, onEvent }: SaeTrainingRun,
  { name: stage, dSae }: SaeJob,
  metrics: SaeStepMetrics,
  speed: Readonly<Record<string, number>>,
): void {
  onStep?.(stage, metrics);
  const { step, steps: _, ...curves } = metrics;
  const deadShare = curves.dead / dSae;
  for (const [name, value] of Object.entries({ ...curves, deadShare, ...speed })) {
    onEvent?.({ type: 'metric', stage, name, step, value });
  }
}

/** About twenty steps, including the last. */
const isReported = (step: number, steps: number): boolean =>
  step === steps || step % Math.max(1, Math.floor(steps / 20)) === 0;

async function keyOf(group: readonly PlannedJob[], engine: Engine): Promise<string> {
  const jobs = group.map(async ({ job, settings }) => {
    const { name, site, dSae, seed, store, metric, from } = job;
    const { mean, meanNorm } = await store.scale(site);
    return {
      name,
      site,
      dSae,
      seed,
      settings,
      rows: store.rows,
      mean: [...mean],
      meanNorm,
      ...(metric && { metric: hashOf([metric.data]) }),
      ...(from && { from: saeFingerprint(from) }),
    };
  });
  return checkpointKey({ engine: engine.name, jobs: await Promise.all(jobs) });
}

const wasCancelled = (step: number, steps: number, folder: string | undefined): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: `training was cancelled after step ${step} of ${steps}`,
    remedy:
      folder === undefined
        ? 'give a checkpoint folder to be able to continue'
        : 'call it again with the same checkpoint folder to continue',
  });
