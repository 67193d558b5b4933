/** Linear warm-up over the first 5 % of the steps and linear decay to zero over the last 20 %. `step` counts from 1. */
export function learningRateAt(step: number, steps: number, peak: number): number {
  const warmup = Math.max(1, Math.round(0.05 * steps));
  const decay = Math.max(1, Math.round(0.2 * steps));
  return peak * Math.min(1, step / warmup, (steps - step + 1) / decay);
}
