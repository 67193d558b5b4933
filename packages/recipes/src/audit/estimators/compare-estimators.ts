import type { EstimationInput } from '@feedprint/probe';
import { estimators as chapter } from '@feedprint/report/chapters/estimators';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import { judge } from '../words/judge.ts';
import { judgeWords } from '../words/judge-words.ts';
import { wordInput } from '../words/word-input.ts';
import { compare, estimatedFiguresSchema } from './compare.ts';
import { featureEvidence, featureNeeds } from './feature-evidence.ts';

const comparedSchema = z.strictObject({
  estimators: chapter.shape.estimators.describe('The main one first.'),
  figures: z
    .array(estimatedFiguresSchema)
    .describe('What every estimator, followed by its controls, says about every word.'),
});

/** What every estimator says about the words, compared with what its controls say. */
export type ComparedEstimators = z.infer<typeof comparedSchema>;

/** Estimates what was learned by every estimator and by its controls, and measures how each agrees with what was stated. */
export const compareEstimators = defineStage({
  name: 'estimators',
  needs: { capture, words: judgeWords, ...featureNeeds },
  config: ({ parts, settings, occurrences }: AuditContext) => ({
    estimators: parts.estimators.map(partKey),
    statistics: partKey(parts.statistics),
    seed: settings.seed,
    occurrences: Array.from(occurrences),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { estimators, statistics } = context.parts;
    const input: EstimationInput = {
      ...wordInput(context, needs.capture),
      ...featureEvidence(context, needs),
    };
    const { words, seed } = input;
    const compared = estimators.map((estimator, i) => {
      const result = estimator.estimate(input);
      const judged = i === 0 ? needs.words.words : judge(result, words, statistics).words;
      const controls = estimator.controls(input);
      stage.progress(i + 1, estimators.length, 'estimators');
      return compare({ result, judged, controls, words, statistics, seed });
    });
    await writeJson(folder, 'estimators.json', {
      estimators: compared.map(({ report }) => report),
      figures: compared.flatMap(({ figures }) => figures),
    });
  },
  read: (folder) => readJson(folder, 'estimators.json', comparedSchema),
});
