import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { continuePrompts, stopOf } from '../audit/properties/continue-prompts.ts';
import { freshPrompts } from '../audit/properties/prompts.ts';
import type { FreshPrompt } from '../audit/properties/prompts.ts';
import { randomOf } from '../audit/random.ts';
import type { PredictContext } from './context.ts';

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
    ...stopOf(pairs),
  }),
  work: async ({ context, folder, stage }) => {
    const { base, pairs, settings } = context;
    const prompts = predictedPrompts(context).map(({ row }) => row);
    const rows = [...prompts, ...prompts];
    const tokens = await continuePrompts({
      ...{ model: base, replies: pairs, rows },
      random: randomOf({ settings }, 'predicted replies'),
      onProgress: (done) => stage.progress(done, rows.length, 'replies'),
    });
    await writeJson(folder, 'replies.json', tokens);
  },
  read: (folder) => readJson(folder, 'replies.json', z.array(z.array(z.int()))),
});
