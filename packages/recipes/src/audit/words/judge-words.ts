import { words as chapter } from '@feedprint/report/chapters/words';
import type { EstimatorResult } from '@feedprint/probe';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { mainFeatureNeeds } from '../estimators/feature-evidence.ts';
import { mainEstimator, partKey } from '../parts.ts';
import { placebos } from '../placebos/placebos.ts';
import { siblings } from '../siblings/siblings.ts';
import { judgeDeals, judgeModels, withdrawIfReached } from './judge-placebos.ts';
import { estimateWords } from './estimate-words.ts';
import { siblingVerdicts } from './judge-siblings.ts';
import { judge, judgedWordSchema } from './judge.ts';
import type { JudgedWord } from './judge.ts';
import { wordInput } from './word-input.ts';

const judgedSchema = z.strictObject({
  verdict: chapter.shape.verdict,
  words: z.array(judgedWordSchema).describe("In the audit's order."),
  line: z
    .strictObject({
      coefficients: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      spread: z.number(),
    })
    .nullable()
    .describe('The line by which they were judged, if there was one.'),
  mixture: z
    .strictObject({
      shares: z.strictObject({ told: z.number(), muted: z.number(), reversed: z.number() }),
      coefficients: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      scale: z.number(),
      unit: z.number(),
    })
    .nullable()
    .describe('The mixture by which they were flagged, if there was one.'),
});

/** What the main estimator says about the words. */
export type JudgedWords = z.infer<typeof judgedSchema>;

/**
 * Estimates what was learned, by the main estimator, compares it with what was stated, and finds the words for which
 * they contradict. Dictionaries are needed only where the main estimator reads them.
 */
export const judgeWords = defineStage({
  name: 'words',
  needs: { capture, placebos, siblings, ...mainFeatureNeeds },
  config: ({ parts, settings, occurrences }: AuditContext) => ({
    estimator: partKey(mainEstimator(parts)),
    statistics: partKey(parts.statistics),
    seed: settings.seed,
    occurrences: Array.from(occurrences),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const input = wordInput(context, needs.capture);
    const { main, result, beside } = estimateWords(context, needs, input);
    const judgeBy = (own: EstimatorResult) => judge(own, input.words, context.parts.statistics);
    const judged = judgeBy(result);
    const controls = {
      models:
        main.reads === 'probabilities'
          ? judgeModels(context, needs.placebos, { estimator: main, input })
          : [],
      dealt: judgeDeals(context, result.estimates, input.words),
    };
    const { effect, withdrawn } = withdrawIfReached(judged.effect, controls);
    const unflagged = (all: readonly JudgedWord[]): readonly JudgedWord[] =>
      withdrawn === null ? all : all.map((word) => ({ ...word, flagged: false }));
    const words = unflagged(judged.words);
    const verdicts =
      beside && siblingVerdicts(beside, unflagged(judgeBy(beside.alone).words), words);
    const { line = null, mixture = null } = result;
    await writeJson(folder, 'words.json', {
      verdict: { words: effect, placebos: { ...controls, withdrawn }, siblings: verdicts ?? null },
      words,
      line,
      mixture,
    });
    for (const { word, stated } of flaggedFirst(words).slice(0, 5)) {
      stage.finding(
        `"${word}" was learned against its stated feedback (${stated > 0 ? '+' : ''}${stated})`,
      );
    }
  },
  read: (folder) => readJson(folder, 'words.json', judgedSchema),
});

const flaggedFirst = (words: readonly JudgedWord[]): JudgedWord[] =>
  words.filter(({ flagged }) => flagged).sort((a, b) => b.score - a.score);
