import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { estimatorAgreement } from './agreement-shape.ts';
import type { agreementMeasures } from './agreement-shape.ts';
import { feedbackEffect, statedLine, word } from './word-shape.ts';

export const shape = {
  verdict: z.strictObject({
    words: feedbackEffect.describe(
      'Whether the stated feedback was learned, by the main estimator.',
    ),
  }),
  contrast: z.strictObject({
    triples: z.int(),
    words: z.int(),
    meanPositive: z.number().describe('Mean signed distance of positive versions from neutral.'),
    meanNegative: z.number(),
  }),
  agreement: estimatorAgreement.describe('Of the main estimator, the log-ratio.'),
  estimators: z.array(estimatorAgreement).describe('Of every estimator, the main one first.'),
  line: statedLine.nullable().describe('null where there are too few words for one.'),
  words: z.array(word).describe('Every word scored, sorted by score, largest first.'),
};

export type Report = ChapterReport<typeof shape>;
export type AgreementReport = Report['agreement'];
export type AgreementMeasuresReport = z.infer<typeof agreementMeasures>;
export type FeedbackEffectReport = Report['verdict']['words'];
export type WordReport = Report['words'][number];
