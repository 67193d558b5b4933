import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { scorersOf } from '@feedprint/probe';
import type { PairProbes } from '@feedprint/probe';
import { probes as chapter } from '@feedprint/report/chapters/probes';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { preferences } from '../pairs/preferences.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { partKey } from '../parts.ts';
import { seedOf } from '../random.ts';
import { pairFeatures } from './pair-features.ts';

const pairProbesSchema = z.strictObject({
  accuracies: chapter.shape.pairProbes.shape.accuracies,
  scores: z.record(z.string(), z.array(z.number())),
}) satisfies z.ZodType<PairProbes>;

/** Fits probes on the features of the replies, and judges them beside what needed none. */
export const pairProbes = defineStages(({ pairs }: AuditContext) =>
  pairs ? [pairProbesStage(pairs)] : [],
);

const pairProbesStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'pair-probes',
    needs: { preferences, features: pairFeatures },
    config: ({ settings, parts }: AuditContext) => ({
      seed: settings.seed,
      statistics: partKey(parts.preferences.statistics),
    }),
    work: async ({ context, needs, folder }) => {
      const found = context.parts.preferences.statistics.probe({
        prompts: pairs.prompts,
        splits: pairs.splits,
        // Of the analysis: the folds and the resamples are the same.
        seed: seedOf(context, 'preferences'),
        features: known(needs.features[0], 'features of pairs'),
        scorers: scorersOf(known(needs.preferences[0], 'what pairs say')),
      });
      await writeJson(folder, 'pair-probes.json', found);
    },
    read: (folder) => readJson(folder, 'pair-probes.json', pairProbesSchema),
  });
