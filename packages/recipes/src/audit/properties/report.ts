import { editEffect } from '@feedprint/probe';
import type { JudgedProperty, PropertyAnalysis, PropertyColumn } from '@feedprint/probe';
import type { PropertyReport, ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { replyVerdictOf } from './reply-verdict.ts';
import { rewardOfReplies } from '../told/reward-of-replies.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import type { EditedReply } from './edits.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import { freshPrompts, replyTokens } from './prompts.ts';
import { foretold } from './foretold.ts';
import type { TeachingPair } from './teaching-pairs.ts';

interface PropertiesJob {
  readonly context: AuditContext;
  readonly pairs: PreparedPairs;
  readonly ratios: MeasuredRatios;
  readonly judged: PropertyAnalysis;
  readonly teaching: readonly TeachingPair[];
  readonly edited: readonly EditedReply[];
}

/** The finding's part of report.json. */
export function reportProperties({
  context,
  pairs,
  ratios,
  judged,
  teaching,
  edited,
}: PropertiesJob): {
  readonly replyVerdict: ReplyVerdictReport;
  readonly properties: PropertyReport[];
} {
  const { parts, models, settings } = context;
  const measured = new Map(
    known(parts.properties, 'what measures properties')
      .measured(models.tuned.tokenizer)
      .map((property) => [property.name, property]),
  );
  const prompts = freshPrompts(context, pairs, settings.freshReplies);
  const prediction = context.prediction && foretold(context.prediction, judged.properties);
  return {
    replyVerdict: {
      verdict: replyVerdictOf(judged, prompts.length),
      difference: judged.difference,
      factor: judged.factor,
      replies: prompts.length,
      tokens: replyTokens(pairs, models.tuned.info.contextLength),
      heldOut: prompts.filter(({ isHeldOut }) => isHeldOut).length,
      pairs: pairs.records.length,
      ...(prediction && { prediction }),
      reward: rewardOfReplies(context)?.name ?? null,
      placebos: ratios.placebos.map(({ name, description, temperature }) => ({
        name,
        description,
        ...(temperature !== undefined && { temperature }),
        explains: judged.placebos.find((one) => one.name === name)?.explains ?? null,
      })),
      teaching: teaching.map(({ place, ...pair }) => {
        const { prompt, chosen, rejected } = known(pairs.records[place], `pair ${place}`);
        const { index } = known(pairs.encoded[place], `pair ${place}`);
        return { ...pair, pair: index, prompt, chosen, rejected };
      }),
    },
    properties: judged.properties.map((one) => {
      const { definition, inWords } = known(measured.get(one.name), one.name);
      return { ...one, definition, ...(inWords && { inWords }), causes: causesOf(one, edited) };
    }),
  };
}

/** Change of R per standard deviation by which a property was edited, over all its edits; null where none was tried. */
function causesOf(
  { name, deviation }: JudgedProperty,
  edited: readonly EditedReply[],
): PropertyColumn | null {
  const own = edited.filter(({ property }) => property === name);
  return deviation === null
    ? null
    : editEffect({
        changes: Float64Array.from(own, ({ change }) => change / deviation),
        ratios: Float64Array.from(own, ({ ratio }) => ratio),
        prompts: own.map(({ prompt }) => prompt),
      });
}
