import { createRandom, hash32 } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { PlantContext } from '../context.ts';

const rows = z.array(z.array(z.int()).min(1));
const schema = z.strictObject({ train: rows, heldOut: rows });

/** Prompts to tune on, and others to see what was learned. */
export type Prompts = z.infer<typeof schema>;

/**
 * Cuts prompts out of the texts, from anywhere in them, each text used before one is used again; without texts, they are what the base
 * writes from nothing.
 */
export const prompts = defineStage({
  name: 'prompts',
  needs: {},
  config: ({ identity, settings }: PlantContext) => ({
    identity,
    seed: settings.seed,
    tokens: settings.promptTokens,
    pairs: settings.pairs,
    heldOut: settings.behaviour.prompts,
  }),
  work: async ({ context, folder }) => {
    const { pairs, behaviour } = context.settings;
    const wanted = pairs + behaviour.prompts;
    const all = context.texts.length > 0 ? cut(context, wanted) : await written(context, wanted);
    await writeJson(folder, 'prompts.json', {
      train: all.slice(behaviour.prompts),
      heldOut: all.slice(0, behaviour.prompts),
    } satisfies Prompts);
  },
  read: (folder) => readJson(folder, 'prompts.json', schema),
});

function cut({ texts, settings }: PlantContext, count: number): number[][] {
  const { promptTokens, seed } = settings;
  const random = createRandom(seed).fork('prompts');
  const order = random.shuffle([...texts]);
  return Array.from({ length: count }, (_, i) => {
    const text = order[i % order.length] as ArrayLike<number>;
    const from = random.integer(Math.max(1, text.length - promptTokens + 1));
    return Array.from(text).slice(from, from + promptTokens);
  });
}

/** Without the token that texts begin with: prompts are written as texts, which do not hold it. */
async function written({ base, settings }: PlantContext, count: number): Promise<number[][]> {
  const { promptTokens, seed } = settings;
  const start = [...base.tokenizer.specialIds][0] ?? 0;
  const rows = await base.generate(
    Array.from({ length: count }, () => [start]),
    { maxNewTokens: promptTokens, seed: hash32('prompts', seed) },
  );
  return rows.map((row) => (row.length > 0 ? row : [start]));
}
