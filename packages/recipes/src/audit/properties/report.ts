import type { Property } from '@feedprint/core';
import { editEffect } from '@feedprint/probe';
import type { JudgedProperty, PropertyAnalysis, PropertyColumn } from '@feedprint/probe';
import type { PropertyReport, ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { replyVerdictOf } from './reply-verdict.ts';
import { rewardOfReplies } from '../told/reward-of-replies.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { areRated } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import type { EditedReply } from './edits.ts';
import type { FoundInPairs } from './found/found-properties.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import { freshPrompts, replyTokens } from './prompts.ts';
import { foretold } from './foretold.ts';
import type { TeachingPair } from './teaching-pairs.ts';

interface PropertiesJob {
  readonly context: AuditContext;
  readonly replies: PreparedReplies;
  readonly ratios: MeasuredRatios;
  readonly judged: PropertyAnalysis;
  readonly teaching: readonly TeachingPair[];
  readonly edited: readonly EditedReply[];
  readonly found: readonly FoundInPairs[];
}

/** The finding's part of report.json. */
export function reportProperties({
  context,
  replies,
  ratios,
  judged,
  teaching,
  edited,
  found,
}: PropertiesJob): {
  readonly replyVerdict: ReplyVerdictReport;
  readonly properties: PropertyReport[];
} {
  const { parts, models, settings } = context;
  const counted = known(parts.properties, 'what measures properties').measured(
    models.tuned.tokenizer,
  );
  const measured = new Map<string, Pick<Property, 'definition' | 'source' | 'inWords'>>(
    [...counted, ...found.flatMap(({ definitions }) => definitions)].map((property) => [
      property.name,
      property,
    ]),
  );
  const prompts = freshPrompts(context, replies, settings.freshReplies);
  const prediction = context.prediction && foretold(context.prediction, judged.properties);
  return {
    replyVerdict: {
      verdict: replyVerdictOf(judged, prompts.length),
      difference: judged.difference,
      factor: judged.factor,
      replies: prompts.length,
      tokens: replyTokens(replies, models.tuned.info.contextLength),
      heldOut: prompts.filter(({ isHeldOut }) => isHeldOut).length,
      pairs: areRated(replies) ? 0 : replies.records.length,
      ...(areRated(replies)
        ? { ratings: replies.records.length }
        : replies.ties.length > 0 && { ties: replies.ties.length }),
      ...(replies.byPromptAlone && { byPromptAlone: true }),
      ...(prediction && { prediction }),
      reward: rewardOfReplies(context)?.name ?? null,
      placebos: ratios.placebos.map(({ name, description, temperature }) => ({
        name,
        description,
        ...(temperature !== undefined && { temperature }),
        explains: judged.placebos.find((one) => one.name === name)?.explains ?? null,
      })),
      teaching: areRated(replies) ? [] : teaching.map((pair) => shown(pair, replies)),
    },
    properties: judged.properties.map((one) => {
      const { definition, source, inWords } = known(measured.get(one.name), one.name);
      return {
        ...{ ...one, definition, source },
        ...(inWords && { inWords }),
        causes: causesOf(one, edited),
      };
    }),
  };
}

/** A pair that taught something, with its texts and its index in the file. */
function shown(
  { place, ...pair }: TeachingPair,
  { records, encoded }: PreparedPairs,
): ReplyVerdictReport['teaching'][number] {
  const { prompt, chosen, rejected } = known(records[place], `pair ${place}`);
  const { index } = known(encoded[place], `pair ${place}`);
  return { ...pair, pair: index, prompt, chosen, rejected };
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
