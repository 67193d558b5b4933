import { spendAlpha } from '@feedprint/probe';
import type { TrajectoryAlarm } from '@feedprint/report';
import { look } from './look.ts';
import type { SavedCheckpoint } from './look.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { runTrajectory, usualAlpha } from './run-trajectory.ts';
import type { TrajectoryOptions, TrajectoryResult } from './run-trajectory.ts';
import { seenIn } from './seen.ts';

export type WatchOptions = Omit<TrajectoryOptions, 'checkpoints' | 'steps'>;

/** Looks at a training while it runs. */
export interface Watch {
  /** Steps between two looks. */
  readonly every: number;
  /** Audits the checkpoint of a step and says whether something was learned beyond what was told. */
  look(
    checkpoint: SavedCheckpoint,
    steps: number,
    signal: AbortSignal,
  ): Promise<TrajectoryAlarm | null>;
  /** What was learned when, once training is done. */
  finish(checkpoints: readonly SavedCheckpoint[], steps: number): Promise<TrajectoryResult>;
}

/** Looks every so many steps; each may spend of alpha what its steps are of all. See `runTrajectory`, which it ends in. */
export const createWatch = (every: number, options: WatchOptions): Watch => ({
  every,
  async look(checkpoint, steps, signal) {
    const { step } = checkpoint;
    const before = step % every === 0 ? step - every : step - (step % every);
    const at = before === 0 ? [step / steps] : [before / steps, step / steps];
    const { told, alpha = usualAlpha } = options;
    const report = await look({ ...options, signal }, checkpoint);
    const level = spendAlpha(at, alpha).at(-1) as number;
    return raiseAlarm(step, seenIn(report, told === undefined), level);
  },
  finish: (checkpoints, steps) => runTrajectory({ ...options, checkpoints, steps }),
});
