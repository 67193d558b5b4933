import { matrix } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { scorersOf } from '@feedprint/probe';
import type { PairProbes, PooledFeatures } from '@feedprint/probe';
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
  pooled: chapter.shape.pairProbes.shape.pooled,
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
      const { features, pooled } = known(needs.features[0], 'features of pairs');
      const found = context.parts.preferences.statistics.probe({
        prompts: pairs.prompts,
        splits: pairs.splits,
        // Of the analysis: the folds and the resamples are the same.
        seed: seedOf(context, 'preferences'),
        features,
        pooled: pooled.length === 0 ? [] : [...pooled, lengths(pairs)],
        scorers: scorersOf(known(needs.preferences[0], 'what pairs say')),
      });
      await writeJson(folder, 'pair-probes.json', found);
    },
    read: (folder) => readJson(folder, 'pair-probes.json', pairProbesSchema),
  });

/** What is known of a reply without any model. */
function lengths({ encoded }: PreparedPairs): PooledFeatures {
  const replies = [
    ...encoded.map(({ chosen }) => chosen),
    ...encoded.map(({ rejected }) => rejected),
  ];
  return {
    name: 'length',
    description: 'The same probe on the number of tokens alone.',
    role: 'control',
    replies: matrix(
      replies.length,
      1,
      Float32Array.from(replies, ({ row, start }) => row.length - start),
    ),
  };
}
