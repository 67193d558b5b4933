import type { Metrics } from '@feedprint/finetune';
import type { StageContext } from '@feedprint/pipeline';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Learner } from './learner.ts';

/** Checkpoints that are written on the way. */
const CHECKPOINTS = 10;

/**
 * Tunes to the end, or from the checkpoint in `file` on, if there is one. Writes one now and then, and before it stops where it is told to. Returns
 * what was measured, piece by piece, the same whether it was interrupted or not. Throws `cancelled`.
 */
export async function learn(
  learner: Learner,
  { stage, file }: { readonly stage: StageContext; readonly file: string },
): Promise<Metrics[]> {
  const { trainer, total, unit } = learner;
  const before = readCheckpoint(file);
  if (before) trainer.restore(before.state);
  const log = [...(before?.log ?? [])];
  const every = Math.ceil(total / CHECKPOINTS);
  while (learner.done() < total) {
    const metrics = await learner.advance();
    log.push(metrics);
    const done = learner.done();
    if (stage.signal.aborted || (done % every === 0 && done < total)) {
      await writeCheckpoint(file, { state: trainer.state(), log });
    }
    stage.progress(done, total, unit);
    for (const [name, value] of Object.entries(metrics)) stage.metric(name, done, value);
  }
  return log;
}
