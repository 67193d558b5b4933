import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  captureActivations,
  createShardedStoreFormat,
  streamBatching,
} from '@feedprint/activations';
import { FeedprintError, createRandom } from '@feedprint/core';
import type {
  ActivationStore,
  Artifact,
  Matrix,
  RunEvent,
  RunStore,
  SaeFormat,
  SaeTrainer,
} from '@feedprint/core';
import type { StageRunner } from '@feedprint/pipeline';
import { canonicalJson } from '@feedprint/pipeline';
import { combine, modelStores } from './activations.ts';
import type { RowKind } from './activations.ts';
import { createCurveRecorder } from './curve.ts';
import type { CurvePoint } from './curve.ts';
import type { Inputs } from './inputs.ts';
import { readMetrics } from './measure-errors.ts';
import type { ErrorMeasure } from './measure-errors.ts';
import type { PlannedSae } from './train-flags.ts';
import type { Start } from './train-further.ts';

/** Held-out tokens that SAEs are tried on at most. */
export const HELD_OUT_TOKENS = 10_000;

/** A training that is ready to start. */
export interface TrainingTask {
  readonly inputs: Inputs;
  readonly rows: RowKind;
  readonly saes: readonly PlannedSae[];
  /** What errors of all SAEs count by. */
  readonly error: ErrorMeasure;
  /** What all SAEs begin with, unless with random weights. */
  readonly start?: Start | undefined;
  readonly trainer: SaeTrainer;
  readonly format: SaeFormat;
  readonly seed: number;
  /** Texts to train on. */
  readonly texts: readonly Int32Array[];
  /** Texts that nothing is trained on. */
  readonly heldOut: readonly Int32Array[];
  /** Compute activations when they are needed, instead of keeping them on disk. */
  readonly stream: boolean;
  readonly checkpointTokens: number;
  /** What decides the bits of all stages. */
  readonly identity: unknown;
  readonly store: RunStore;
  readonly runner: StageRunner;
  readonly signal: AbortSignal;
}

/** Runs both models over the training texts and keeps the rows of all sites. */
export function captureStage({
  runner,
  inputs,
  identity,
  texts,
  saes,
}: TrainingTask): Promise<Artifact> {
  const sites = [...new Set(saes.map(({ site }) => site))];
  return runner.run({
    name: 'capture',
    config: { identity, sites, texts: texts.length },
    inputs: [],
    async work(folder, context) {
      const { base, model } = inputs;
      const models = base ? [base, model] : [model];
      for (const [i, one] of models.entries()) {
        // As they would be streamed: whether they are kept must not change what is learned from them.
        await captureActivations(one, texts, {
          ...streamBatching,
          sites,
          store: createShardedStoreFormat(),
          folder: join(folder, `${i}`),
          onProgress: (done, total) =>
            context.progress(i * total + done, models.length * total, 'tokens'),
        });
      }
    },
  });
}

async function openStores(task: TrainingTask, capture?: Artifact): Promise<ActivationStore> {
  const sites = [...new Set(task.saes.map(({ site }) => site))];
  if (!capture) return combine(modelStores(task.inputs, task.texts, sites), task.rows);
  const format = createShardedStoreFormat();
  const count = task.inputs.base ? 2 : 1;
  const stores: ActivationStore[] = [];
  for (let i = 0; i < count; i++) stores.push(await format.open(join(capture.folder, `${i}`)));
  return combine(stores, task.rows);
}

export const CURVES = 'curves.json';

/** What training reads of the stages before it: kept rows, unless they are streamed, and what errors count by, unless squares. */
export interface TrainingInputs {
  readonly capture: Artifact | undefined;
  readonly metric: Artifact | undefined;
}

/** Trains all SAEs on one stream of rows; each is a folder of the artifact, by name. Continues from the last checkpoint. */
export async function trainStage(
  task: TrainingTask,
  { capture, metric }: TrainingInputs,
): Promise<Artifact> {
  const { trainer, saes, seed, start, store: run, signal } = task;
  const checkpoints = join(run.folder, 'checkpoints');
  const artifact = await task.runner.run({
    name: 'train',
    config: {
      identity: task.identity,
      trainer: trainer.name,
      settings: trainer.settings,
      rows: task.rows,
      format: task.format.name,
      saes,
      seed,
      ...(start && { from: start.fingerprint }),
    },
    inputs: [capture, metric].filter((artifact) => artifact !== undefined),
    async work(folder, context) {
      const store = await openStores(task, capture);
      const metrics = metric && readMetrics(metric);
      const recorder = createCurveRecorder({
        stage: 'train',
        jobs: saes.map(({ name }) => name),
        earlier: await eventsOf(run),
        // Not the stage's context: it throws once the run is to stop, and the trainer has its state to keep then.
        report: (name, step, value) =>
          run.append({ type: 'metric', stage: 'train', name, step, value }),
      });
      const jobs = saes.map(({ name, site, dSae, settings }) => ({
        name,
        store,
        site,
        dSae,
        seed: seedOf(seed, { site, dSae, settings }),
        settings,
        ...(metrics && { metric: metrics.get(site) as Matrix }),
        ...(start && { from: start.sae }),
      }));
      const batchRows = trainer.settings['batchRows'] as number;
      const trained = await trainer
        .trainAll(jobs, {
          onStep: (_, { step, steps }) =>
            signal.aborted || context.progress(step * batchRows, steps * batchRows, 'tokens'),
          onEvent: recorder.event,
          checkpoint: { folder: checkpoints, everyTokens: task.checkpointTokens },
          signal,
        })
        .catch(toContinue('train'));
      for (const [i, sae] of trained.entries()) {
        await task.format.save(sae, join(folder, (saes[i] as PlannedSae).name));
        await sae.dispose();
      }
      await writeFile(join(folder, CURVES), canonicalJson(recorder.curves()));
    },
  });
  await rm(checkpoints, { recursive: true, force: true });
  return artifact;
}

/**
 * A seed of its own for each SAE, whichever others it is trained beside: dictionaries that began with the same directions look
 * more alike than what they learned.
 */
const seedOf = (seed: number, sae: Omit<PlannedSae, 'name'>): number =>
  createRandom(seed).fork(canonicalJson(sae)).integer(0x1_0000_0000);

/** Curves of a finished training, by the SAEs' names. */
export type Curves = Readonly<Record<string, readonly CurvePoint[]>>;

export const curvesFile = ({ folder }: Artifact): string => join(folder, CURVES);

/** What the run has told so far, by all of its starts. */
export async function eventsOf(run: RunStore): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

/** For the trainer's caller, continuing means to run the command again. */
export const toContinue =
  (stage: string) =>
  (error: unknown): never => {
    if (!FeedprintError.is(error) || error.code !== 'cancelled') throw error;
    throw new FeedprintError({
      code: 'cancelled',
      message: `stopped in stage ${stage}`,
      remedy: 'run the same command again to continue',
      cause: error,
    });
  };
