import type { SaeTrainingSettings } from './settings.ts';

/** Linear growth from 0 over a share of the steps, then 1. `step` counts from 1. */
export const warmUpAt = (step: number, steps: number, share: number): number =>
  Math.min(1, step / Math.max(1, Math.round(share * steps)));

/** Linear warm-up over the first steps and linear decay to zero over the last. `step` counts from 1. */
export function learningRateAt(
  step: number,
  steps: number,
  { learningRate, warmUp, decay }: Pick<SaeTrainingSettings, 'learningRate' | 'warmUp' | 'decay'>,
): number {
  const falling = Math.max(1, Math.round(decay * steps));
  return learningRate * Math.min(warmUpAt(step, steps, warmUp), (steps - step + 1) / falling);
}
