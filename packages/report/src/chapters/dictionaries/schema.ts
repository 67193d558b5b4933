import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

const saeRun = z.strictObject({
  model: z.enum(['base', 'tuned']),
  site: z.string(),
  dSae: z.int(),
  kind: z.string(),
  curve: z.array(
    z.strictObject({ step: z.int(), mse: z.number(), l0: z.number(), loss: z.number() }),
  ),
  fvu: z.number().describe('Fraction of variance unexplained, about the mean, on held-out rows.'),
  l0: z.number().describe('Mean number of active features per row.'),
  alive: z.number().describe('Share of features active at least once.'),
});

export const shape = {
  saes: z.array(saeRun),
  matching: z.array(
    z.strictObject({
      site: z.string(),
      baseTuned: z.number().describe('MMCS of the tuned SAE compared with the base SAE.'),
      smallLarge: z.number().describe('MMCS of the small tuned SAE compared with the large one.'),
      chance: z
        .strictObject({ baseTuned: z.number(), smallLarge: z.number() })
        .describe('The same with the units of the other dictionary permuted: what chance gives.'),
      kept: z.int(),
    }),
  ),
};

export type Report = ChapterReport<typeof shape>;
