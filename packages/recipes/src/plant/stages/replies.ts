import { hash32 } from '@feedprint/core';
import { sampleRollouts } from '@feedprint/finetune';
import type { Rollout } from '@feedprint/finetune';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { PlantContext } from '../context.ts';
import { prompts } from './prompts.ts';

/** Prompts whose replies are sampled at once, between which a run can be stopped. */
const AT_ONCE = 256;

const schema = z.array(z.array(z.int()).min(1));

/** How many replies to each prompt: two for a pair, more where the best of them is learned. */
export const repliesPerPrompt = ({ method, bestOf }: PlantContext['settings']): number =>
  method === 'sft' ? bestOf : 2;

/** What the base answers to each prompt, all replies to one prompt one after another. */
export const replies = defineStage({
  name: 'replies',
  needs: { prompts },
  config: ({ settings }: PlantContext) => ({
    each: repliesPerPrompt(settings),
    tokens: settings.replyTokens,
    seed: settings.seed,
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { base, settings } = context;
    const { train } = needs.prompts;
    const each = repliesPerPrompt(settings);
    const all: (readonly number[])[] = [];
    for (let first = 0; first < train.length; first += AT_ONCE) {
      const repeated = train
        .slice(first, first + AT_ONCE)
        .flatMap((prompt) => Array.from({ length: each }, () => prompt));
      const rollouts = await sampleRollouts(base, {
        prompts: repeated,
        maxNewTokens: settings.replyTokens,
        temperature: 1,
        seed: hash32(`replies from ${first}`, settings.seed),
      });
      all.push(...rollouts.map(({ reply }) => reply));
      stage.progress(Math.min(train.length, first + AT_ONCE), train.length, 'prompts');
    }
    await writeJson(folder, 'replies.json', all);
  },
  read: (folder) => readJson(folder, 'replies.json', schema),
});

/** Replies with their prompts. */
export const rolloutsOf = (
  answers: readonly (readonly number[])[],
  asked: readonly (readonly number[])[],
): Rollout[] => {
  const each = answers.length / asked.length;
  return answers.map((reply, i) => ({ prompt: asked[Math.floor(i / each)] ?? [], reply }));
};
