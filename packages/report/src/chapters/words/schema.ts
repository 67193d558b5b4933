import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { feedbackEffect } from '../../shapes.ts';
import { mixture, placeboVerdicts, siblingVerdicts, statedLine, word } from './word-shape.ts';

export const shape = {
  verdict: z.strictObject({
    words: feedbackEffect.describe(
      'Whether the stated feedback was learned, by the main estimator.',
    ),
    placebos: placeboVerdicts,
    siblings: siblingVerdicts.nullable().describe('null where there were none.'),
  }),
  line: statedLine.nullable().describe('null where there are too few words for one.'),
  mixture: mixture.nullable().describe('null where there are too few words for one.'),
  words: z.array(word).describe('Every word scored, sorted by score, largest first.'),
};

export type Report = ChapterReport<typeof shape>;
export type FeedbackEffectReport = Report['verdict']['words'];
export type WordReport = Report['words'][number];
