import { FeedprintError } from '@feedprint/core';
import { createTrainer } from '../trainer/create-trainer.ts';
import type { Trainer, TrainerOptions } from '../trainer/create-trainer.ts';
import { createBatches } from './batches.ts';
import {
  checkpointFile,
  readTrainingCheckpoint,
  trainingKey,
  writeTrainingCheckpoint,
} from './checkpoint.ts';
import { createHistory } from './history.ts';
import type { HistoryPoint } from './history.ts';
import { parseTrainingSettings, scheduleOf, stepsOf } from './settings.ts';
import type { TrainingSettings } from './settings.ts';

export interface FinetuneOptions<Item> extends Pick<
  TrainerOptions<Item>,
  'model' | 'method' | 'trainable' | 'threads' | 'device'
> {
  readonly items: readonly Item[];
  /** Items that nothing is learned from, to evaluate on. Default: none. */
  readonly heldOut?: readonly Item[];
  readonly settings?: Partial<TrainingSettings>;
  /** Decides the order of the items and how low-rank updates begin. Default: 0. */
  readonly seed?: number;
  /** Where and how often to keep what an interrupted training continues from. Default: nowhere. */
  readonly checkpoint?: { readonly folder: string; readonly everySteps?: number };
  readonly signal?: AbortSignal;
  /** Called with every point of the curves, from the first on, also when a training continues. */
  readonly onPoint?: (point: HistoryPoint) => void;
  /** Called after every step; what it returns is waited for. */
  readonly onStep?: (step: number, steps: number, trainer: Trainer<Item>) => void | Promise<void>;
}

export interface Finetuned<Item> {
  /** The trained model and its savers; the caller disposes of it. */
  readonly trainer: Trainer<Item>;
  readonly history: readonly HistoryPoint[];
}

/** Checkpoints of a training, unless it is said how often. */
const CHECKPOINTS = 10;

/**
 * Trains a model on items in seeded batches. Continues from a checkpoint to the same bytes. Throws what `createTrainer`
 * and its steps throw, `numbers-invalid` also saying what is left to continue from; `texts-invalid` without items,
 * `config-invalid`, `cancelled`, and `run-invalid` for the checkpoint of another training.
 */
export async function finetune<Item>(options: FinetuneOptions<Item>): Promise<Finetuned<Item>> {
  const { model, method, trainable = { kind: 'full' }, items, heldOut = [], seed = 0 } = options;
  const { checkpoint, signal, onPoint, onStep, threads, device } = options;
  const settings = parseTrainingSettings(options.settings ?? {});
  if (items.length === 0) throw nothingToLearn(method.name);
  const steps = stepsOf(settings, items.length);
  const { maxGradNorm, tokensPerPass, beta1, beta2, epsilon, weightDecay } = settings;
  const key = trainingKey({
    ...{ model: model.fingerprint, method: method.name, of: method.settings, trainable },
    ...{ settings, seed, threads, device, items, heldOut },
  });
  const trainer = await createTrainer({
    ...{ model, method, trainable, seed, maxGradNorm },
    learningRate: scheduleOf(settings, steps),
    optimizer: { beta1, beta2, epsilon, weightDecay },
    ...(tokensPerPass !== null && { tokensPerPass }),
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { device }),
  });
  try {
    const found = checkpoint && readTrainingCheckpoint(checkpoint.folder, key);
    if (found) trainer.restore(found.trainer);
    const history = createHistory(found?.history);
    for (const point of history.points) onPoint?.(point);
    const batchOf = createBatches(items, { batchSize: settings.batchSize, seed });
    const everySteps = checkpoint?.everySteps ?? Math.ceil(steps / CHECKPOINTS);
    const logEvery = settings.logEvery ?? Math.ceil(steps / 100);
    const evaluateEvery = settings.evaluateEvery ?? Math.ceil(steps / 5);
    let kept = found?.trainer.step;
    const isDue = (step: number, every: number): boolean => step % every === 0 || step === steps;
    for (let step = (kept ?? 0) + 1; step <= steps; step++) {
      const metrics = await trainer.step(batchOf(step - 1)).catch(toContinue(checkpoint, kept));
      history.add(metrics);
      if (isDue(step, logEvery)) onPoint?.(history.close(step));
      if (heldOut.length > 0 && isDue(step, evaluateEvery)) {
        onPoint?.(history.evaluated(step, await trainer.evaluate(heldOut)));
      }
      await onStep?.(step, steps, trainer);
      const cancelled = signal?.aborted ?? false;
      if (checkpoint && (cancelled || isDue(step, everySteps))) {
        const state = { trainer: trainer.state(), history: history.state() };
        await writeTrainingCheckpoint(checkpoint.folder, key, state);
        kept = step;
      }
      if (cancelled) throw wasCancelled(step, steps, checkpoint !== undefined);
    }
    return { trainer, history: history.points };
  } catch (error) {
    await trainer.dispose();
    throw error;
  }
}

/** Says, of a training that diverged, where its last good state is. */
const toContinue =
  (checkpoint: FinetuneOptions<never>['checkpoint'], kept: number | undefined) =>
  (error: unknown): never => {
    if (!FeedprintError.is(error) || error.code !== 'numbers-invalid') throw error;
    throw new FeedprintError({
      code: 'numbers-invalid',
      message:
        checkpoint && kept !== undefined
          ? `${error.message.slice(0, -error.remedy.length - 2)}; the last good checkpoint is of step ${kept}, ${checkpointFile(checkpoint.folder)}`
          : error.message.slice(0, -error.remedy.length - 2),
      remedy: error.remedy,
      cause: error,
    });
  };

const nothingToLearn = (method: string): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `${method} was given nothing to learn from`,
    remedy: 'give at least one item',
  });

const wasCancelled = (step: number, steps: number, isKept: boolean): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: `fine-tuning was cancelled after step ${step} of ${steps}`,
    remedy: isKept
      ? 'call it again with the same checkpoint folder to continue'
      : 'give a checkpoint folder to be able to continue',
  });
