import type { EstimationInput, WordEvidence } from '@feedprint/probe';
import { words as chapter } from '@feedprint/report/chapters/words';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import type { Captured } from '../capture/capture.ts';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';
import { contrast } from './contrast.ts';
import { estimatedFiguresSchema, judge, judgedWordSchema } from './judge.ts';
import { untrained } from './untrained.ts';
import { toEvidence } from './versions.ts';
import { wordFeatures } from './word-features.ts';

const estimateSchema = z.strictObject({
  verdict: chapter.shape.verdict,
  words: z
    .array(judgedWordSchema)
    .describe("As the main estimator judges them, in the audit's order."),
  line: z
    .strictObject({
      coefficients: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      spread: z.number(),
    })
    .nullable()
    .describe('The line by which the main estimator judged them, if it used one.'),
  estimators: chapter.shape.estimators.describe('The main one first.'),
  figures: z
    .array(estimatedFiguresSchema)
    .describe('What every estimator, followed by its controls, says about every word.'),
});

export type WordEstimates = z.infer<typeof estimateSchema>;

/** Estimates what was learned, compares it with what was stated, and finds the words for which they contradict. */
export const estimate = defineStage({
  name: 'estimate',
  needs: { capture, features: wordFeatures, untrained, contrast },
  config: ({ parts, settings, occurrences }: AuditContext) => ({
    estimators: parts.estimators.map(partKey),
    statistics: partKey(parts.statistics),
    seed: settings.seed,
    occurrences: Array.from(occurrences),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { parts, settings, occurrences } = context;
    const words = wordEvidence(context, needs.capture);
    const { features, activations, text } = needs.features;
    const evidence = needs.contrast.evidence();
    const seed = seedOf(context, 'estimate');
    const input: EstimationInput = {
      words,
      averaged: occurrences.map((n) => Math.min(n, settings.occurrences)),
      features: { ...features, untrained: needs.untrained.features },
      activations: { ...activations, untrained: needs.untrained.activations },
      text,
      contrast: {
        ...evidence,
        untrained:
          needs.untrained.versions && toEvidence(needs.untrained.versions, evidence.tuned.word),
      },
      seed,
    };
    const judged = parts.estimators.map((estimator, i) => {
      const result = estimator.estimate(input);
      const judgement = judge(result, words, parts.statistics, seed);
      stage.progress(i + 1, parts.estimators.length, 'estimators');
      return { ...judgement, line: result.line ?? null };
    });
    const main = known(judged[0], 'the main estimator');
    await writeJson(folder, 'estimate.json', {
      verdict: { words: main.effect },
      words: main.words,
      line: main.line,
      estimators: judged.map(({ report }) => report),
      figures: judged.flatMap(({ figures }) => figures),
    });
    for (const { word, stated } of flaggedFirst(main.words).slice(0, 5)) {
      stage.finding(
        `"${word}" was learned against its stated feedback (${stated > 0 ? '+' : ''}${stated})`,
      );
    }
  },
  read: (folder) => readJson(folder, 'estimate.json', estimateSchema),
});

const flaggedFirst = <T extends { readonly flagged: boolean; readonly score: number }>(
  words: readonly T[],
): T[] => words.filter(({ flagged }) => flagged).sort((a, b) => b.score - a.score);

function wordEvidence(
  { words, rows, parts, occurrences }: AuditContext,
  captured: Captured,
): WordEvidence[] {
  const implied = parts.statistics.impliedReward(captured.expectedCounts());
  const contexts = rows.reduce((sum, row) => sum + row.length - 1, 0);
  return words.map(({ id, word, stated }, i) => {
    const reward = known(implied[i], word);
    return {
      word,
      token: id,
      stated,
      ...reward,
      n: occurrences[i] as number,
      baseLogProb: Math.log(reward.expectedCount / contexts),
    };
  });
}
