import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { estimatorAgreement } from './agreement-shape.ts';
import type { agreementMeasures } from './agreement-shape.ts';

export const shape = {
  contrast: z.strictObject({
    triples: z.int(),
    words: z.int(),
    meanPositive: z.number().describe('Mean signed distance of positive versions from neutral.'),
    meanNegative: z.number(),
  }),
  agreement: estimatorAgreement.describe('Of the main estimator, the log-ratio.'),
  estimators: z.array(estimatorAgreement).describe('Of every estimator, the main one first.'),
};

export type Report = ChapterReport<typeof shape>;
export type AgreementReport = Report['agreement'];
export type AgreementMeasuresReport = z.infer<typeof agreementMeasures>;
