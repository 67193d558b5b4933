import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { freshPrompts, replyTokens } from '../audit/properties/prompts.ts';
import type { FreshPrompt } from '../audit/properties/prompts.ts';
import { randomOf } from '../audit/random.ts';
import type { PredictContext } from './context.ts';

/** Prompts that are continued at once. */
const TOGETHER = 256;

/** The prompts that the base answers twice each, those first that tuning is not to see. */
export const predictedPrompts = ({ base, pairs, settings }: PredictContext): FreshPrompt[] =>
  freshPrompts(
    { settings, models: { base, tuned: base } },
    pairs,
    Math.floor(settings.freshReplies / 2),
  );

/** Token ids of what the base writes: first replies to all prompts, then second ones. */
export const written = defineStage({
  name: 'fresh-replies',
  needs: {},
  config: ({ identity, settings: { freshReplies, seed }, pairs }: PredictContext) => ({
    ...{ identity, freshReplies, seed, template: pairs.template },
    indices: pairs.encoded.map(({ index }) => index),
  }),
  work: async ({ context, folder, stage }) => {
    const { base, pairs, settings } = context;
    const prompts = predictedPrompts(context).map(({ row }) => row);
    const rows = [...prompts, ...prompts];
    const maxNewTokens = replyTokens(pairs, base.info.contextLength);
    const random = randomOf({ settings }, 'predicted replies');
    const tokens: number[][] = [];
    for (let at = 0; at < rows.length; at += TOGETHER) {
      const seed = random.fork(`${at}`).integer(0x1_0000_0000);
      const some = rows.slice(at, at + TOGETHER);
      tokens.push(...(await base.generate(some, { maxNewTokens, seed, keepEnd: true })));
      stage.progress(tokens.length, rows.length, 'replies');
    }
    await writeJson(folder, 'replies.json', tokens);
  },
  read: (folder) => readJson(folder, 'replies.json', z.array(z.array(z.int()))),
});
