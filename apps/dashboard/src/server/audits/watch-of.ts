import { toRefused } from '../http/respond.ts';
import { readTrajectory } from '../runs/read-trajectory.ts';
import type { FolderIndex, RunFolder } from '../runs/run-folders.ts';

/** A training that was audited meanwhile has its trajectory in the folder beside it. */
const TRAINING = /(^|\/)run$/;

/** The run that says what was learned when in a training: the trajectory beside it; undefined where there is none, or none yet. */
export async function watchOf(
  folders: FolderIndex,
  { id }: RunFolder,
): Promise<RunFolder | undefined> {
  if (!TRAINING.test(id)) return undefined;
  try {
    const watch = await folders.find(id.replace(TRAINING, '$1watch'));
    await readTrajectory(watch);
    return watch;
  } catch (error) {
    if (toRefused(error)) return undefined;
    throw error;
  }
}
