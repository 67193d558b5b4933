import { plainWord } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';
import type { PreparedPairs } from './prepared-pairs.ts';
import { preferencesSchema } from './preferences-schema.ts';
import { replyEvidence } from './reply-evidence.ts';

/** Analyses the pairs; what the file says about the tuner's labels is looked at after everything else. */
export const preferences = defineStages(({ pairs }: AuditContext) =>
  pairs ? [preferencesStage(pairs)] : [],
);

const preferencesStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'preferences',
    needs: { evidence: replyEvidence },
    config: ({ settings, parts }: AuditContext) => ({
      seed: settings.seed,
      statistics: partKey(parts.preferences.statistics),
      version: 3,
    }),
    work: async ({ context, needs, folder, stage }) => {
      const { parts, models } = context;
      const { statistics } = parts.preferences;
      const analysis = statistics.analyse({
        ...known(needs.evidence[0], 'the evidence of pairs'),
        prompts: pairs.prompts,
        splits: pairs.splits,
        seed: seedOf(context, 'preferences'),
      });
      const agrees = pairs.records.map(({ trainedLabelAgrees }) => trainedLabelAgrees);
      await writeJson(folder, 'preferences.json', {
        ...analysis,
        truth: statistics.evaluate(analysis.pairs, agrees, pairs.splits),
      });
      for (const { token } of analysis.words.filter(({ flagged }) => flagged).slice(0, 5)) {
        const word = plainWord(models.tuned.tokenizer.tokenText(token));
        stage.finding(`"${word}" was learned differently from what the preferences say`);
      }
    },
    read: (folder) => readJson(folder, 'preferences.json', preferencesSchema),
  });
