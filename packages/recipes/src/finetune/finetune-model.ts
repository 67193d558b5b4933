import { copyFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { makeFolder } from '@feedprint/core/files';
import { parseTrainingSettings } from '@feedprint/finetune';
import type { HistoryPoint, SavedDtype, Trainable, TrainingSettings } from '@feedprint/finetune';
import type { Device } from '@feedprint/graph';
import { hashOf, withRun, writeJson } from '@feedprint/pipeline';
import type { FollowedRun } from '../followed-run.ts';
import { checkIsOurs } from '../check-is-ours.ts';
import { removeCheckpoints } from '../checkpoints.ts';
import type { FinetuneContext } from './context.ts';
import { sequencesIn } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { referenceSequences } from './tasks.ts';
import type { FinetuneMethod } from './tasks.ts';
import { train } from './train.ts';
import type { TrainedModel } from './train.ts';
import type { TrajectoryResult } from '../trajectory/run-trajectory.ts';
import type { Watch } from '../trajectory/create-watch.ts';
import { savedSteps } from '../tuning/saved-steps.ts';

export interface FinetuneModelOptions extends FollowedRun {
  /** The model to start from, which is also the reference. */
  readonly model: CheckpointModel;
  readonly method: FinetuneMethod;
  /** Weight of staying near the reference; default 0.1. */
  readonly beta?: number;
  readonly data: Prepared;
  /** Where the data come from, for messages and `finetune.json`. */
  readonly dataName: string;
  /** Default: every parameter. */
  readonly trainable?: Trainable;
  readonly settings?: Partial<TrainingSettings>;
  /** Number type of the saved weights. Default `float32`. */
  readonly dtype?: SavedDtype;
  readonly seed?: number;
  readonly threads?: number;
  readonly device?: Device;
  /** Saves the model every so many steps, in `steps/step-000100` below `out`. Default: never. */
  readonly saveEvery?: number;
  /** Looks at the model every so many steps, saved as by `saveEvery`. Default: nothing does. */
  readonly watch?: Watch;
  /** Steps between checkpoints that an interrupted training continues from. Default: a tenth of all. */
  readonly checkpointSteps?: number;
  /** Folder of the model; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
}

/** A fine-tuned model in its place. */
export interface FinetunedModel extends Omit<TrainedModel, 'history'> {
  /** Metrics of the last steps, and on held-out items. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly heldOut: Readonly<Record<string, number>>;
  /** What was learned when, where it was watched. */
  readonly watched?: TrajectoryResult;
}

/**
 * Fine-tunes a model as a run in a folder, and puts the result there: a Hugging Face checkpoint, or a PEFT adapter for
 * low-rank updates, with `finetune.json` beside it. All problems with model, data and settings are found before the
 * folder is touched: throws `usage`, `config-invalid`; then `run-invalid`, `output-unwritable`, `numbers-invalid`,
 * `cancelled`.
 */
export async function finetuneModel(options: FinetuneModelOptions): Promise<FinetunedModel> {
  const { model, method, beta, data, out, version, seed = 0, threads, device } = options;
  const { trainable = { kind: 'full' }, dtype = 'float32' } = options;
  const { command, now, signal, onEvent } = options;
  const settings = parseTrainingSettings(options.settings ?? {});
  const task = { method, data, ...(beta !== undefined && { beta }) };
  referenceSequences(task);
  const inputs = {
    model: model.fingerprint,
    data: fingerprintOf(data),
    heldOut: data.heldOut.length,
  };
  const context: FinetuneContext = {
    ...{ model, task, trainable, settings, seed, threads, device, dtype },
    saveEvery: options.saveEvery,
    watch: options.watch,
    steps: join(out, 'steps'),
    checkpointSteps: options.checkpointSteps,
    identity: { feedprint: version, inputs, threads, device },
  };
  checkIsOurs(out);
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-finetune-run/1',
        feedprint: version,
        inputs: { ...inputs, heldOut: `${inputs.heldOut}` },
        settings: { method, beta, trainable, ...settings, seed, threads, device, dtype },
      },
      stages: [train],
      context,
      worksOn: { model: model.name, data: options.dataName },
      ...{ command, now, signal, onEvent },
    },
    async (run) => {
      await run.finish();
      const { train: trained } = await run.outputs({ train });
      await publish(trained, options);
      await removeCheckpoints(run.store);
      const { history, ...rest } = trained;
      const watched = await context.watch?.finish(
        savedSteps(context.steps, trained.steps, context.watch?.every),
        trained.steps,
      );
      return { ...rest, folder: out, ...lastOf(history), ...(watched && { watched }) };
    },
  );
}

const fingerprintOf = (data: Prepared): string =>
  hashOf([
    ...sequencesIn(data).map(({ ids, start }) => [start, ...Array.from(ids)]),
    ...(data.kind === 'ratings'
      ? [...data.train, ...data.heldOut].map(({ desirable }) => desirable)
      : []),
  ]);

/** Copies the model to its place; what tells a reader that it is there comes last. */
async function publish(
  { folder, history, trained, steps }: TrainedModel,
  { out, model, method, beta, data, dataName, trainable, settings, seed = 0 }: FinetuneModelOptions,
): Promise<void> {
  makeFolder(out);
  await writeJson(out, 'finetune.json', {
    ...{ base: model.name, method, beta, trainable: trainable ?? { kind: 'full' }, settings, seed },
    ...{ data: dataName, learned: data.train.length, heldOut: data.heldOut.length, trained, steps },
    ...{ ...lastOf(history), history },
  });
  const isWeights = (name: string): boolean => name.endsWith('.safetensors');
  const names = await readdir(folder);
  for (const name of [...names].sort((a, b) => Number(isWeights(a)) - Number(isWeights(b)))) {
    await copyFile(join(folder, name), join(out, name));
  }
}

function lastOf(history: readonly HistoryPoint[]): Pick<FinetunedModel, 'metrics' | 'heldOut'> {
  const last = (held: boolean): Readonly<Record<string, number>> =>
    history.findLast(({ metrics }) => 'eval_loss' in metrics === held)?.metrics ?? {};
  return { metrics: last(false), heldOut: last(true) };
}
