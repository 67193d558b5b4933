import { checkSteps } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** A constant rate. */
export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

export interface DecayOptions {
  /** Rate of step 0. */
  readonly rate: number;
  /** First step at the final rate; later ones keep it. */
  readonly steps: number;
  /** Default 0. */
  readonly final?: number;
}

/** From `rate` to `final` linearly. Throws `config-invalid` for fewer than 1 step. */
export function linearDecay({ rate, steps, final = 0 }: DecayOptions): Schedule {
  checkSteps('linear decay', steps);
  return (step) => rate + (final - rate) * Math.min(1, step / steps);
}
