import { groupsOf } from '@feedprint/report/chapters/properties';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { areRated } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import { askedReplies, freshReplies, propertyKey } from './fresh-replies.ts';
import { analysisSchema } from './analysis-schema.ts';
import { foundProperties } from './found/found-properties.ts';
import { logRatios } from './log-ratios.ts';
import { measureReplies } from './measure-replies.ts';
import type { RewardedPairs } from '@feedprint/probe';
import type { ToldScores } from '../told/told-scores.ts';
import { toldScores } from '../told/told-scores.ts';
import { seedOf } from '../random.ts';

/** Which properties of replies were told, are in the data and were learned. */
export const judgedProperties = defineStages((context: AuditContext) =>
  askedReplies(context).map(judgedStage),
);

const judgedStage = (replies: PreparedReplies) =>
  defineStage({
    name: 'properties',
    needs: {
      written: freshReplies,
      ratios: logRatios,
      rewarded: toldScores,
      found: foundProperties,
    },
    config: (context: AuditContext) => ({
      properties: propertyKey(context),
      told: [...(context.told ?? [])],
      seed: context.settings.seed,
      version: 2,
      ...tiesOf(replies),
    }),
    work: async ({ context, needs, folder, stage }) => {
      const parts = known(context.parts.properties, 'what measures properties');
      const properties = parts.measured(context.models.tuned.tokenizer);
      const ratios = known(needs.ratios[0], 'log-ratios');
      const [rewarded] = needs.rewarded;
      const measured = await measureReplies(
        { context, properties, written: needs.written, ratios, stage },
        replies,
      );
      const analysis = parts.judge({
        names: properties.map(({ name }) => name),
        ...measured,
        placebos: ratios.placebos,
        seed: seedOf(context, 'dealt labels'),
        ...(context.told && { declared: context.told }),
        ...(rewarded && { rewarded: numbersOf(rewarded) }),
        ...(needs.found.length > 0 && { found: needs.found }),
      });
      await writeJson(folder, 'properties.json', analysis);
      for (const group of groupsOf(analysis.properties)) {
        const named = group.map(({ name, score }) => `${score > 0 ? 'more' : 'less'} of "${name}"`);
        const where = group[0].verdict === 'in-data-and-learned' ? ', as the labels reward' : '';
        stage.finding(`the tuned model came to prefer ${named.join(' or ')}${where}`);
      }
    },
    read: (folder) => readJson(folder, 'properties.json', analysisSchema),
  });

/** Which pairs are ties, where there are some: they weigh in what the labels reward alone. */
const tiesOf = (replies: PreparedReplies): { readonly ties?: readonly number[] } =>
  areRated(replies) || replies.ties.length === 0
    ? {}
    : { ties: replies.ties.map(({ index }) => index) };

/** Scores as numbers, NaN where there is none. */
const numbersOf = ({ chosen, rejected }: ToldScores): RewardedPairs => ({
  chosen: Float64Array.from(chosen, (score) => score ?? NaN),
  rejected: Float64Array.from(rejected, (score) => score ?? NaN),
});
