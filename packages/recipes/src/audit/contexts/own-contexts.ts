import { matrix, throwIfCancelled } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { batchesOf } from '../capture/batches.ts';
import { addExpectedCounts, placesOf } from '../capture/places.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { randomOf, seedOf } from '../random.ts';

/** New tokens after each prompt. */
const NEW_TOKENS = 40;

const writtenSchema = z.strictObject({ base: z.int(), tuned: z.int() });

/** How often both models expect the scored words, then the unscored tokens, in what either of them writes. */
export interface OwnContexts {
  readonly prompts: number;
  /** Tokens that each model wrote. */
  readonly written: Readonly<Record<ModelRole, number>>;
  /** By who wrote, then by who expects, `[prompts, ids]`. */
  readonly counts: Readonly<Record<ModelRole, Readonly<Record<ModelRole, Matrix>>>>;
}

const COUNTS = 'counts.safetensors';
const pairs = roles.flatMap((writer) => roles.map((reader) => [writer, reader] as const));

/** Both models continue beginnings of texts, and expect the words after every token but those of the beginnings. */
export const ownContexts = defineStage({
  name: 'contexts',
  needs: {},
  config: (context: AuditContext) => ({
    identity: context.identity,
    tokens: context.settings.onPolicyTokens,
    promptTokens: context.settings.promptTokens,
    seed: context.settings.seed,
    words: context.words.map(({ id }) => id),
    unscored: context.unscored,
  }),
  work: async ({ context, folder, stage }) => {
    const { models, words, unscored } = context;
    const prompts = choosePrompts(context);
    const ids = Int32Array.from([...words.map(({ id }) => id), ...unscored]);
    const written = { base: 0, tuned: 0 };
    const counts: Record<string, Matrix> = {};
    for (const [done, writer] of roles.entries()) {
      const added = await models[writer].generate(prompts, {
        maxNewTokens: NEW_TOKENS,
        seed: seedOf(context, `contexts ${writer}`),
      });
      written[writer] = added.reduce((sum, { length }) => sum + length, 0);
      const rows = prompts.map((prompt, i) =>
        Int32Array.from([...prompt, ...known(added[i], 'row')]),
      );
      for (const reader of roles) {
        counts[`${writer} ${reader}`] = await countAfter(models[reader], { prompts, rows, ids });
        throwIfCancelled(stage.signal, 'in stage contexts');
      }
      stage.progress(done + 1, roles.length, 'models');
    }
    writeMatrices(folder, COUNTS, counts);
    await writeJson(folder, 'written.json', written);
  },
  read: async (folder): Promise<OwnContexts> => {
    const keys = pairs.map(([writer, reader]) => `${writer} ${reader}`);
    const counts = readMatrices(folder, COUNTS, keys);
    const of = (writer: ModelRole, reader: ModelRole): Matrix =>
      known(counts[`${writer} ${reader}`], 'counts');
    const by = (writer: ModelRole) => ({ base: of(writer, 'base'), tuned: of(writer, 'tuned') });
    return {
      prompts: of('base', 'base').rows,
      written: await readJson(folder, 'written.json', writtenSchema),
      counts: { base: by('base'), tuned: by('tuned') },
    };
  },
});

/** Beginnings of texts, drawn at random, as many as the tokens ask for. */
function choosePrompts(context: AuditContext): Int32Array[] {
  const { rows, settings } = context;
  const length = settings.promptTokens;
  return randomOf(context, 'prompts of contexts')
    .shuffle([...rows])
    .slice(0, Math.ceil(settings.onPolicyTokens / NEW_TOKENS))
    .map((row) => row.slice(0, Math.min(length, row.length - 1)));
}

interface Written {
  readonly prompts: readonly Int32Array[];
  readonly rows: readonly Int32Array[];
  readonly ids: Int32Array;
}

/** How often a model expects each id where a written token follows, `[prompts, ids]`. */
async function countAfter(model: LanguageModel, { prompts, rows, ids }: Written): Promise<Matrix> {
  const counts = matrix(rows.length, ids.length);
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const places = placesOf(batch, start);
    places.followed.forEach((_, i) => {
      const prompt = known(prompts[places.text[i] as number], 'prompt');
      if ((places.position[i] as number) < prompt.length - 1) places.followed[i] = 0;
    });
    addExpectedCounts(counts, await model.run(batch, { logProbsOf: ids }), places);
  }
  return counts;
}
