import { row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { z } from 'zod';

export const histogramSchema = z.strictObject({
  most: z.number().describe('The strongest activation.'),
  counts: z
    .array(z.int())
    .describe('Tokens with an activation above 0, by equal steps from 0 to the strongest.'),
});

export type Histogram = z.infer<typeof histogramSchema>;

/** Number of steps. */
export const BINS = 20;

/** The step that an activation above 0 lies in. */
export const binOf = (value: number, most: number): number =>
  Math.min(BINS - 1, Math.floor((BINS * value) / most));

/** How strongly each column is active where it is: a histogram per column. */
export function histogramsOf(features: Matrix): Histogram[] {
  const most = new Float64Array(features.columns);
  const eachActive = (use: (value: number, column: number) => void): void => {
    for (let r = 0; r < features.rows; r++) {
      row(features, r).forEach((value, column) => {
        if (value > 0) use(value, column);
      });
    }
  };
  eachActive((value, f) => (most[f] = Math.max(most[f] as number, value)));
  const counts = Array.from(most, () => new Array<number>(BINS).fill(0));
  eachActive((value, f) => {
    const bins = counts[f] as number[];
    const bin = binOf(value, most[f] as number);
    bins[bin] = (bins[bin] as number) + 1;
  });
  return Array.from(most, (value, f) => ({ most: value, counts: counts[f] as number[] }));
}
