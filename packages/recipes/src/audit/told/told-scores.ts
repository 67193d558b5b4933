import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { defineStage, defineStages, hashOf, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { partKey } from '../parts.ts';
import type { ReplySignal } from './reply-signal.ts';
import { rewardOfReplies } from './reward-of-replies.ts';
import { scoreReplies } from './score-replies.ts';

const toldScoresSchema = z.strictObject({
  chosen: z.array(z.number().nullable()),
  rejected: z.array(z.number().nullable()),
});

/** What the signal on replies says of those of the pairs, null where nothing. */
export type ToldScores = z.infer<typeof toldScoresSchema>;

/** Scores both replies of every pair, where it is known what was rewarded. */
export const toldScores = defineStages((context: AuditContext) => {
  const reward = rewardOfReplies(context);
  return context.pairs && reward ? [toldScoresStage(context.pairs, reward)] : [];
});

const toldScoresStage = (pairs: PreparedPairs, signal: ReplySignal) => {
  const config = () => ({
    pairs: pairs.file.sha256,
    indices: pairs.encoded.map(({ index }) => index),
    signal: partKey(signal),
  });
  return defineStage({
    name: 'told-scores',
    needs: {},
    config: (_: AuditContext) => config(),
    work: async ({ folder, stage, run }) => {
      const replies = pairs.records.flatMap(({ id, prompt, turns, ...record }, i) =>
        (['chosen', 'rejected'] as const).map((side) => ({
          ...{ prompt, reply: record[side], side },
          pair: String(id ?? pairs.encoded[i]?.index),
          ...(turns && { turns }),
        })),
      );
      const kept = join(
        run.folder,
        'checkpoints',
        `told-scores-${hashOf(config()).slice(0, 16)}.jsonl`,
      );
      const scores = await scoreReplies(signal, replies, {
        kept,
        onProgress: (done, total) => stage.progress(done, total, 'replies'),
      });
      if (scores.every((score) => score === null)) throw saysNothing(signal, pairs);
      await writeJson(folder, 'told-scores.json', {
        chosen: scores.filter((_, i) => i % 2 === 0),
        rejected: scores.filter((_, i) => i % 2 === 1),
      });
      await rm(kept, { force: true });
    },
    read: (folder) => readJson(folder, 'told-scores.json', toldScoresSchema),
  });
};

const saysNothing = ({ name }: ReplySignal, { file }: PreparedPairs): FeedprintError =>
  new FeedprintError({
    code: 'feedback-empty',
    message: `${name} says nothing of any reply in ${file.file}`,
    remedy:
      'pass scores of these replies: with the same prompt and reply, the same text, or the ids of their pairs',
  });
