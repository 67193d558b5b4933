import { replyLogProbs } from '@feedprint/finetune';
import type { PreferenceItem, TokenSequence } from '@feedprint/finetune';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { EncodedReply } from '../encode-pair.ts';
import { repliesOf } from '../encode-pair.ts';
import { known } from '../audit/known.ts';
import { freshReply } from '../audit/properties/fresh-replies.ts';
import type { FreshReply } from '../audit/properties/fresh-replies.ts';
import { randomOf } from '../audit/random.ts';
import type { PredictContext } from './context.ts';
import { rehearse } from './rehearse.ts';
import { predictedPrompts, written } from './written.ts';

const listed = z.array(z.number());
const schema = z.strictObject({ ratios: listed, placebo: listed });

/** Splits of a file that tuning learns from. */
const LEARNED = /^train/i;

/** The base's replies as texts and token ids: first ones, then second ones. */
export function rehearsedReplies(
  context: PredictContext,
  tokens: readonly (readonly number[])[],
): FreshReply[] {
  const prompts = predictedPrompts(context);
  return tokens.map((own, i) =>
    freshReply(context.base.tokenizer, known(prompts[i % prompts.length], 'a prompt'), own),
  );
}

/**
 * By how many nats the first steps of tuning change the log-probability of each of the base's replies; and the same with
 * labels that are dealt out at random.
 */
export const rehearsal = defineStage({
  name: 'rehearsal',
  needs: { written },
  config: ({ settings }: PredictContext) => ({ settings }),
  work: async ({ context, needs, folder, stage }) => {
    const { base, settings, threads } = context;
    const replies = rehearsedReplies(context, needs.written).map(sequenceOf);
    const before = await replyLogProbs(base, replies);
    const items = await itemsOf(context);
    const total = 2 * items.length;
    const random = randomOf({ settings }, 'labels dealt out');
    const dealt = items.map((item) => (random.next() < 0.5 ? item : exchanged(item)));
    const change = async (of: readonly PreferenceItem[], done: number): Promise<number[]> => {
      const onLearned = (count: number): void => stage.progress(done + count, total, 'pairs');
      const after = await rehearse({ base, items: of, replies, settings, threads, onLearned });
      return after.map((value, i) => value - (before[i] as number));
    };
    const ratios = await change(items, 0);
    await writeJson(folder, 'rehearsal.json', {
      ratios,
      placebo: await change(dealt, items.length),
    });
  },
  read: (folder) => readJson(folder, 'rehearsal.json', schema),
});

/** A sample of the pairs that tuning is to learn from, with the base's log-probabilities, in a random order. */
async function itemsOf({ base, pairs, settings }: PredictContext): Promise<PreferenceItem[]> {
  const learned = pairs.encoded.filter((_, i) => {
    const split = pairs.records[i]?.split;
    return split === undefined || LEARNED.test(split);
  });
  const some = randomOf({ settings }, 'rehearsed pairs')
    .shuffle([...(learned.length > 0 ? learned : pairs.encoded)])
    .slice(0, settings.rehearsedPairs);
  const reference = await replyLogProbs(base, repliesOf(some).map(sequenceOf));
  return some.map(({ chosen, rejected }, i) => ({
    chosen: sequenceOf(chosen),
    rejected: sequenceOf(rejected),
    reference: { chosen: reference[2 * i] as number, rejected: reference[2 * i + 1] as number },
  }));
}

const sequenceOf = ({ row, start }: EncodedReply | FreshReply): TokenSequence => ({
  ids: row,
  start,
});

const exchanged = ({ chosen, rejected, reference }: PreferenceItem): PreferenceItem => ({
  chosen: rejected,
  rejected: chosen,
  reference: { chosen: reference.rejected, rejected: reference.chosen },
});
