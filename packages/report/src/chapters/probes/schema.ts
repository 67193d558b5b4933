import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { pairAccuracy } from '../../pair-accuracy.ts';

export const shape = {
  pairProbes: z
    .strictObject({
      accuracies: z
        .array(pairAccuracy)
        .describe(
          'Of what needs no features, then of the probes; none of probes where there are too few prompts.',
        ),
      pooled: z
        .array(
          z.strictObject({
            name: z.string(),
            description: z.string(),
            role: z.enum(['probe', 'control']),
            accuracy: pairAccuracy.shape.accuracy.describe('Share of replies told right.'),
          }),
        )
        .describe(
          "The paper's pooled logistic probe: how often it tells, of one reply by itself, whether it was chosen. Empty but with the preset `paper`.",
        ),
    })
    .describe('Whether features of the replies tell which of a pair is preferred.'),
};

export type Report = ChapterReport<typeof shape>;
export type PooledReport = Report['pairProbes']['pooled'];
