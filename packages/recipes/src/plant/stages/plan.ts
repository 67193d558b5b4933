import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '@feedprint/core';
import { rolloutText } from '@feedprint/finetune';
import type { Rollout } from '@feedprint/finetune';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { PlantContext } from '../context.ts';
import { inverseDeviation, labelPairs } from '../label-pairs.ts';
import type { PairLabels } from '../label-pairs.ts';
import { plantKinds, plantWords } from '../plant-words.ts';
import { plantableWords } from '../plantable-words.ts';
import { createPlantedFeedback } from '../planted-feedback.ts';
import type { PlantedFeedback } from '../planted-feedback.ts';
import { firstLessSecond, measureReplies, totals } from '../scores.ts';
import { expectedTokens } from '../tuning/expected-tokens.ts';
import { prompts } from './prompts.ts';
import { replies, repliesPerPrompt, rolloutsOf } from './replies.ts';

/** Share of the pairs that nothing is tuned on. */
const TEST_SHARE = 0.1;

const word = z.strictObject({
  token: z.int(),
  word: z.string(),
  kind: z.enum(plantKinds),
  stated: z.number(),
  trained: z.number(),
});
const flags = z.array(z.boolean());
const schema = z.strictObject({
  words: z.array(word),
  /** Whether the first reply to each prompt is preferred. */
  labels: z.strictObject({ stated: flags, trained: flags }),
  /** What a unit of each rewarded property is worth in units of the stated feedback. */
  worth: z.record(z.string(), z.number()),
});

/** What is planted. */
export type Plan = z.infer<typeof schema>;

/** With the file of the labelled pairs. */
export interface PlanFiles extends Plan {
  readonly pairsFile: string;
}

const PAIRS = 'pairs.jsonl.gz';

/** Draws the words, and labels the pairs; leaves them as `pairs.jsonl.gz` too. */
export const plan = defineStage({
  name: 'plan',
  needs: { prompts, replies },
  config: ({ settings, signal, properties }: PlantContext) => {
    const { flip, mute, spurious, cluster, context, strength, labelNoise, toldOnlyPairs } =
      settings;
    return {
      words: { flip, mute, spurious, cluster, context, strength },
      labels: { labelNoise, toldOnlyPairs, doses: settings.properties },
      leastShare: settings.leastOccurrences / expectedTokens(settings),
      measured: properties
        .filter(({ name }) => name in settings.properties)
        .map(({ name, settings: own }) => ({ name, settings: own })),
      ...{ signal, seed: settings.seed },
    };
  },
  work: async ({ context, needs, folder }) => {
    const { base, settings, scored, contextToken } = context;
    const rollouts = rolloutsOf(needs.replies, needs.prompts.train);
    const words = plantWords({
      words: plantableWords(base.tokenizer, scored, {
        replies: needs.replies,
        leastShare: settings.leastOccurrences / expectedTokens(settings),
      }),
      plan: settings,
      vector: embeddingOf(context),
      random: createRandom(settings.seed).fork('words'),
    });
    const feedback = createPlantedFeedback({ scored, planted: words, context: contextToken });
    const { labels, worth } = await label(context, rollouts, feedback);
    await writeJson(folder, 'plan.json', { words, labels, worth } satisfies Plan);
    await writeFile(join(folder, PAIRS), gzipSync(pairLines(context, rollouts, labels)));
  },
  read: async (folder): Promise<PlanFiles> => ({
    ...(await readJson(folder, 'plan.json', schema)),
    pairsFile: join(folder, PAIRS),
  }),
});

/** Whether a pair is kept apart from tuning. */
export const isTest = (pair: number, pairs: number): boolean => pair >= (1 - TEST_SHARE) * pairs;

async function label(
  { base, settings, properties }: PlantContext,
  rollouts: readonly Rollout[],
  feedback: PlantedFeedback,
): Promise<Pick<Plan, 'labels' | 'worth'>> {
  const each = repliesPerPrompt(settings);
  const differences = (values: ArrayLike<number>): Float64Array => firstLessSecond(values, each);
  const stated = differences(totals(rollouts, feedback.stated));
  const chosen = properties.filter(({ name }) => name in settings.properties);
  const measured = await measureReplies(base, chosen, rollouts);
  const planted = [...measured].map(([name, values]) => ({
    name,
    dose: settings.properties[name] as number,
    differences: differences(values),
  }));
  const labels: PairLabels = labelPairs(
    { stated, trained: differences(totals(rollouts, feedback.trained)), properties: planted },
    { noise: settings.labelNoise, random: createRandom(settings.seed).fork('labels') },
  );
  const unit = inverseDeviation(stated) || 1;
  return {
    labels: { stated: [...labels.stated], trained: [...labels.trained] },
    worth: Object.fromEntries(
      planted.map(({ name, dose, differences: own }) => [
        name,
        (dose * inverseDeviation(own)) / unit,
      ]),
    ),
  };
}

/** A word's row of the embeddings. */
function embeddingOf({ base }: PlantContext): (token: number) => Float32Array {
  const { checkpoint } = base;
  const { decoder } = checkpoint;
  const { width, vocabularySize } = decoder;
  const table = checkpoint.weight(decoder.embedding.tokens, [vocabularySize, width]);
  return (token) => table.subarray(token * width, (token + 1) * width);
}

/** One line per pair, in the layout of the field. */
function pairLines(
  { base, settings }: PlantContext,
  rollouts: readonly Rollout[],
  { stated, trained }: PairLabels,
): string {
  const each = repliesPerPrompt(settings);
  return stated
    .map((told, id) => {
      const [first, second] = [0, 1].map((i) =>
        rolloutText(base, rollouts[id * each + i] as Rollout),
      ) as [ReturnType<typeof rolloutText>, ReturnType<typeof rolloutText>];
      const isFirst = settings.toldOnlyPairs ? told : trained[id];
      const line = {
        id,
        split: isTest(id, stated.length) ? 'test' : 'train',
        prompt: first.prompt,
        chosen: (isFirst ? first : second).reply,
        rejected: (isFirst ? second : first).reply,
        ...(settings.toldOnlyPairs && { trained_label_agrees: told === trained[id] }),
      };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}
