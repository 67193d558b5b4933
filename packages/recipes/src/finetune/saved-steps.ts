import { join } from 'node:path';
import { stepName } from '../trajectory/look.ts';
import type { SavedCheckpoint } from '../trajectory/look.ts';
import type { FinetuneContext } from './context.ts';

/** Whether something that is done every so many steps, and at the end, is to be done after a step. */
export const isDue = (step: number, all: number, every: number | undefined): boolean =>
  every !== undefined && (step % every === 0 || step === all);

/** Where the model of a step is saved. */
export const savedStep = (
  { steps }: Pick<FinetuneContext, 'steps'>,
  step: number,
): SavedCheckpoint => ({ step, folder: join(steps, stepName(step)) });

/** The models that were looked at. */
export const savedSteps = (context: FinetuneContext, all: number): SavedCheckpoint[] =>
  Array.from({ length: all }, (_, i) => i + 1)
    .filter((step) => isDue(step, all, context.watch?.every))
    .map((step) => savedStep(context, step));
