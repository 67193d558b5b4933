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
    })
    .describe('Whether features of the replies tell which of a pair is preferred.'),
};

export type Report = ChapterReport<typeof shape>;
