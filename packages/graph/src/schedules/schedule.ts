import { FeedprintError } from '@feedprint/core';

/** Learning rate of a step; steps count from 0. */
export type Schedule = (step: number) => number;

/** Throws `config-invalid` unless `steps` is a whole number, at least `least`. */
export function checkSteps(name: string, steps: number, least = 1): void {
  if (Number.isInteger(steps) && steps >= least) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `${name} over ${steps} steps`,
    remedy: `give a whole number of steps, at least ${least}`,
  });
}
