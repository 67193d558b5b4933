import { z } from 'zod';

/** An interval of any level. */
export const interval = z.strictObject({ low: z.number(), high: z.number() });

/** `Rate` of probe. */
export const rate = z
  .strictObject({
    events: z.int(),
    trials: z.int(),
    value: z.number().nullable(),
    interval: interval.nullable(),
  })
  .describe("Events of trials with Wilson's 95 % interval; null for no trials.");
