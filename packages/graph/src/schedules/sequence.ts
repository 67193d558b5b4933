import { checkSteps } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** `first` for so many steps, after them `then`, which counts its own steps from 0. Throws `config-invalid` for fewer than 0 steps. */
export function sequence(first: Schedule, steps: number, then: Schedule): Schedule {
  checkSteps('sequence', steps, 0);
  return (step) => (step < steps ? first(step) : then(step - steps));
}

/** A rising line whose last of `steps` steps has the rate with which `then` begins; no step has rate 0. */
export const warmup = (steps: number, then: Schedule): Schedule =>
  sequence((step) => (then(0) * (step + 1)) / steps, steps, then);
