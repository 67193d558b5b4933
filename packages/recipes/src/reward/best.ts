import { hash32 } from '@feedprint/core';
import { sampleRollouts } from '@feedprint/finetune';
import type { TokenSequence } from '@feedprint/finetune';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { bestReplies } from '../tuning/best-replies.ts';
import type { RewardContext } from './context.ts';

/** Prompts whose replies are sampled at once, between which a run can be stopped. */
const AT_ONCE = 64;

const schema = z.array(z.strictObject({ ids: z.array(z.int()), start: z.int().positive() }));

const best = defineStage({
  name: 'best',
  needs: {},
  config: ({ identity, settings, seed }: RewardContext) => ({
    ...{ identity, seed, method: settings.method },
    ...(settings.method === 'rejection-sft' && {
      sampling: [settings.bestOf, settings.newTokens, settings.temperature],
    }),
  }),
  work: async ({ context, folder, stage }) => {
    const { model, prompts, settings, reward, seed } = context;
    const each = settings.method === 'rejection-sft' ? settings.bestOf : 1;
    const { newTokens: maxNewTokens, temperature } = settings;
    const chosen: TokenSequence[] = [];
    for (let first = 0; first < prompts.train.length; first += AT_ONCE) {
      const asked = prompts.train.slice(first, first + AT_ONCE);
      const rollouts = await sampleRollouts(model, {
        prompts: asked.flatMap((prompt) => Array.from({ length: each }, () => prompt)),
        ...{ maxNewTokens, temperature, seed: hash32(`replies from ${first}`, seed) },
      });
      chosen.push(...(await bestReplies(rollouts, each, reward)));
      stage.progress(first + asked.length, prompts.train.length, 'prompts');
    }
    await writeJson(folder, 'best.json', chosen);
  },
  read: (folder) => readJson(folder, 'best.json', schema),
});

/** The best of several replies to each prompt; none where the model learns from replies as it goes. */
export const bestSampled = defineStages(({ settings }: RewardContext) =>
  settings.method === 'rejection-sft' ? [best] : [],
);
