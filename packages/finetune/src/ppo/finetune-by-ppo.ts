import { FeedprintError } from '@feedprint/core';
import type { PpoItem } from '../methods/ppo.ts';
import {
  readTrainingCheckpoint,
  trainingKey,
  writeTrainingCheckpoint,
} from '../training/checkpoint.ts';
import type { FinetuneOptions, Finetuned } from '../training/finetune.ts';
import { createHistory } from '../training/history.ts';
import type { Trainer } from '../trainer/create-trainer.ts';
import { createPpoLoop } from './ppo-loop.ts';
import type { PpoLoopOptions } from './ppo-loop.ts';

export interface FinetuneByPpoOptions
  extends PpoLoopOptions, Pick<FinetuneOptions<PpoItem>, 'signal' | 'onPoint'> {
  /** What the reward is called; with the settings, it decides whether a checkpoint is of this training. */
  readonly rewardName: string;
  /** Where and how often to keep what an interrupted training continues from. Default: nowhere. */
  readonly checkpoint?: { readonly folder: string; readonly everyIterations?: number };
  /** Called after every iteration; what it returns is waited for. */
  readonly onIteration?: (
    iteration: number,
    iterations: number,
    trainer: Trainer<PpoItem>,
  ) => void | Promise<void>;
}

/** Checkpoints of a training, unless it is said how often. */
const CHECKPOINTS = 10;

/**
 * Trains a model by PPO, with a point of the curves for every iteration. Continues from a checkpoint to the same bytes. Throws what `createPpoLoop` and
 * its iterations throw, `cancelled`, and `run-invalid` for the checkpoint of another training.
 */
export async function finetuneByPpo(options: FinetuneByPpoOptions): Promise<Finetuned<PpoItem>> {
  const { model, prompts, settings, seed, trainable, threads, rewardName } = options;
  const { checkpoint, signal, onPoint, onIteration, reward, device } = options;
  const { iterations } = settings;
  const key = trainingKey({
    ...{ model: model.fingerprint, method: 'ppo', reward: rewardName, trainable },
    ...{ settings, seed, threads, device, prompts },
  });
  const loop = await createPpoLoop({
    ...{ model, prompts, reward, settings, seed },
    ...(trainable && { trainable }),
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { device }),
  });
  const { trainer } = loop;
  try {
    const found = checkpoint && readTrainingCheckpoint(checkpoint.folder, key);
    if (found) trainer.restore(found.trainer);
    const history = createHistory(found?.history);
    for (const point of history.points) onPoint?.(point);
    const every = checkpoint?.everyIterations ?? Math.ceil(iterations / CHECKPOINTS);
    while (loop.iteration < iterations) {
      history.add(await loop.iterate());
      const { iteration } = loop;
      onPoint?.(history.close(iteration));
      await onIteration?.(iteration, iterations, trainer);
      const cancelled = signal?.aborted ?? false;
      if (checkpoint && (cancelled || iteration % every === 0 || iteration === iterations)) {
        const state = { trainer: trainer.state(), history: history.state() };
        await writeTrainingCheckpoint(checkpoint.folder, key, state);
      }
      if (cancelled) throw wasCancelled(iteration, iterations);
    }
    return { trainer, history: history.points };
  } catch (error) {
    await trainer.dispose();
    throw error;
  }
}

const wasCancelled = (iteration: number, iterations: number): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: `PPO was cancelled after iteration ${iteration} of ${iterations}`,
    remedy: 'call it again with the same checkpoint folder to continue',
  });
