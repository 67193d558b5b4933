import { join } from 'node:path';
import { stepName } from '../trajectory/look.ts';
import type { SavedCheckpoint } from '../trajectory/look.ts';

/** Whether something that is done every so many steps, and at the end, is to be done after a step. */
export const isDue = (step: number, all: number, every: number | undefined): boolean =>
  every !== undefined && (step % every === 0 || step === all);

/** Where the model of a step is saved, below a folder of such models. */
export const savedStep = (steps: string, step: number): SavedCheckpoint => ({
  step,
  folder: join(steps, stepName(step)),
});

/** The models that are saved every so many steps of all. */
export const savedSteps = (
  steps: string,
  all: number,
  every: number | undefined,
): SavedCheckpoint[] =>
  Array.from({ length: all }, (_, i) => i + 1)
    .filter((step) => isDue(step, all, every))
    .map((step) => savedStep(steps, step));
