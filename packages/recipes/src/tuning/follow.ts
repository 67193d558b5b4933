import { join } from 'node:path';
import type { RunStore } from '@feedprint/core';
import type { HistoryPoint } from '@feedprint/finetune';
import type { StageContext } from '@feedprint/pipeline';
import { checkpointFolder } from '../checkpoints.ts';

interface FollowedStage {
  readonly name: string;
  readonly stage: StageContext;
  readonly run: Pick<RunStore, 'folder' | 'append'>;
}

/** How a stage follows a training: its curves become the run's, and its checkpoints lie in the run's folder, apart from those of other stages. */
export const followTraining = ({ name, stage, run }: FollowedStage) => ({
  signal: stage.signal,
  folder: join(checkpointFolder(run), name),
  // To the run itself: a stage's context throws once the run is to stop, when the state still has to be kept.
  onPoint({ step, metrics }: HistoryPoint): void {
    for (const [metric, value] of Object.entries(metrics)) {
      run.append({ type: 'metric', stage: name, name: metric, step, value });
    }
  },
  progress(unit: string): (done: number, total: number) => void {
    return (done, total) => {
      if (!stage.signal.aborted) stage.progress(done, total, unit);
    };
  },
});

export type Followed = ReturnType<typeof followTraining>;
