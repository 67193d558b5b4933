import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

export const shape = {
  divergence: z.array(
    z.strictObject({
      layer: z.int(),
      l2: z.number(),
      relativeL2: z.number(),
      kept: z.boolean(),
    }),
  ),
};

export type Report = ChapterReport<typeof shape>;
