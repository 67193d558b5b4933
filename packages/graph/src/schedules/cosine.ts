import type { DecayOptions } from './linear.ts';
import { checkSteps } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** From `rate` to `final` along half a cosine (Loshchilov and Hutter 2017). Throws `config-invalid` for fewer than 1 step. */
export function cosineDecay({ rate, steps, final = 0 }: DecayOptions): Schedule {
  checkSteps('cosine decay', steps);
  return (step) => halfCosine(rate, final, Math.min(1, step / steps));
}

export interface RestartOptions extends DecayOptions {
  /** Each round is this many times as long as the one before; a whole number, 1 by default. */
  readonly growth?: number;
}

/** Half a cosine over `steps`, then again from `rate`. Throws `config-invalid` for fewer than 1 step or a growth below 1. */
export function cosineRestarts({ rate, steps, final = 0, growth = 1 }: RestartOptions): Schedule {
  checkSteps('cosine restarts', steps);
  checkSteps('growth of cosine restarts', growth);
  return (step) => {
    let [start, length] = [0, steps];
    if (growth === 1) start = step - (step % steps);
    else for (; step - start >= length; length *= growth) start += length;
    return halfCosine(rate, final, (step - start) / length);
  };
}

const halfCosine = (rate: number, final: number, done: number): number =>
  final + ((rate - final) * (1 + Math.cos(Math.PI * done))) / 2;
