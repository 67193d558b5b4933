import { createPpoLoop } from '@feedprint/finetune';
import type { PpoLoopOptions } from '@feedprint/finetune';
import type { Learner } from './learner.ts';

/** Learns by PPO, an iteration at a time. */
export async function createPpoLearner(options: PpoLoopOptions): Promise<Learner> {
  const loop = await createPpoLoop(options);
  return {
    trainer: loop.trainer,
    ...{ total: options.settings.iterations, unit: 'iterations' },
    done: () => loop.iteration,
    advance: () => loop.iterate(),
    judge: () => Promise.resolve({}),
  };
}
