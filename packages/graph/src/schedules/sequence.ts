import { checkSteps } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/**
 * `first` for a number of steps, then `then`, which counts its own steps from 0. Throws `config-invalid` for a negative
 * number of steps.
 */
export function sequence(first: Schedule, steps: number, then: Schedule): Schedule {
  checkSteps('sequence', steps, 0);
  return (step) => (step < steps ? first(step) : then(step - steps));
}

/** A linear rise over `steps` steps, the last of which has the rate that `then` begins with; no step has rate 0. */
export const warmup = (steps: number, then: Schedule): Schedule =>
  sequence((step) => (then(0) * (step + 1)) / steps, steps, then);
