import type { CheckpointModel } from '@feedprint/activations';
import { createTrainer, dpo, replyLogProbs } from '@feedprint/finetune';
import type { PreferenceItem, TokenSequence } from '@feedprint/finetune';
import { constantRate } from '@feedprint/graph';
import type { PredictSettings } from './settings.ts';

export interface RehearsalOptions {
  readonly base: CheckpointModel;
  /** In the order in which they are learned from. */
  readonly items: readonly PreferenceItem[];
  /** Replies whose log-probabilities are compared. */
  readonly replies: readonly TokenSequence[];
  readonly settings: Pick<PredictSettings, 'beta' | 'learningRate' | 'batchSize'>;
  readonly threads: number | undefined;
  /** Called with the number of items learned from. */
  readonly onLearned: (items: number) => void;
}

/**
 * The log-probability of each reply (nats) after one pass of DPO over some pairs, in steps so small that the model stays where
 * it is linear in its parameters: but for a factor, how tuning on these pairs begins to change it. The base is not changed.
 */
export async function rehearse(options: RehearsalOptions): Promise<number[]> {
  const { base, items, replies, settings, threads, onLearned } = options;
  const trainer = await createTrainer({
    model: base,
    method: dpo({ beta: settings.beta }),
    learningRate: constantRate(settings.learningRate),
    ...(threads !== undefined && { threads }),
  });
  try {
    for (let at = 0; at < items.length; at += settings.batchSize) {
      const batch = items.slice(at, at + settings.batchSize);
      await trainer.step(batch);
      onLearned(at + batch.length);
    }
    return await replyLogProbs(trainer.model(), replies);
  } finally {
    await trainer.dispose();
  }
}
