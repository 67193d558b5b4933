import { matrix } from '@feedprint/core';
import type { LanguageModel, Matrix, RunRequest, RunResult, TokenRows } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { batchesOf } from '../capture/batches.ts';
import { addExpectedCounts, placesOf } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { randomOf } from '../random.ts';
import { noisyModel } from './noisy-model.ts';
import { logProbsAt, matchTemperature } from './temperature.ts';
import { placeboTexts } from './texts.ts';

const placeboSchema = z.strictObject({ name: z.string(), description: z.string() });

/** A model that cannot have learned the feedback, and how often it expects each word, then each unscored token, in each text. */
export interface Placebo extends z.infer<typeof placeboSchema> {
  /** `[texts, words + unscored]` */
  readonly counts: Matrix;
}

export interface Placebos {
  /** Of the base, on the same texts. */
  readonly base: Matrix;
  readonly models: readonly Placebo[];
}

const FILE = 'placebos.safetensors';

/** Positions on which temperatures are compared: fewer for large vocabularies. */
const COMPARED = 512;
const COMPARED_NUMBERS = 2 ** 22;

/**
 * What models that never saw the feedback show on some of the texts: the base at the temperature at which it is as uncertain as the tuned model, and
 * the base with its weights moved at random as far as tuning moved them.
 */
export const placebos = defineStage({
  name: 'placebos',
  needs: {},
  config: (context: AuditContext) => ({
    identity: context.identity,
    tokens: context.settings.placeboTokens,
    seed: context.settings.seed,
    words: context.words.map(({ id }) => id),
    unscored: context.unscored,
  }),
  work: async ({ context, folder, stage }) => {
    const rows = placeboTexts(context);
    const made = rows.length === 0 ? [] : await makePlacebos(context, rows, stage.progress);
    writeMatrices(folder, FILE, Object.fromEntries(made.map(({ name, counts }) => [name, counts])));
    const said = made.map(({ name, description }) => ({ name, description }));
    await writeJson(folder, 'placebos.json', said);
  },
  read: async (folder): Promise<Placebos> => {
    const made = await readJson(folder, 'placebos.json', z.array(placeboSchema));
    const counts = readMatrices(
      folder,
      FILE,
      made.map(({ name }) => name),
    );
    const all = made.map((one) => ({ ...one, counts: known(counts[one.name], one.name) }));
    const base = all.find(({ name }) => name === BASE)?.counts ?? matrix(0, 0);
    return { base, models: all.filter(({ name }) => name !== BASE) };
  },
});

const BASE = 'base';

async function makePlacebos(
  context: AuditContext,
  rows: readonly Int32Array[],
  progress: (done: number, total: number, unit: string) => void,
): Promise<Placebo[]> {
  const { models, words, unscored } = context;
  const { base, tuned } = models;
  const ids = [...words.map(({ id }) => id), ...unscored];
  const temperature = await temperatureOf(base, tuned, rows);
  const counts = { own: matrix(rows.length, ids.length), warm: matrix(rows.length, ids.length) };
  await runBatches(base, rows, { logits: 'all' }, ({ logits }, start, end) => {
    const places = placesOf(rows.slice(start, end), start);
    for (const [into, at] of [
      [counts.own, 1],
      [counts.warm, temperature],
    ] as const) {
      addExpectedCounts(into, { logProbsOf: logProbsAt(at, known(logits, 'logits'), ids) }, places);
    }
    progress(end, 2 * rows.length, 'texts');
  });
  const made = [
    { name: BASE, description: 'The base as it is.', counts: counts.own },
    {
      name: 'temperature',
      description: `The base at temperature ${temperature.toPrecision(3)}, at which it is as uncertain as the tuned model.`,
      counts: counts.warm,
    },
  ];
  const noisy = noisyModel(base, tuned, randomOf(context, 'weight noise'));
  if (!noisy) return made;
  try {
    const noise = matrix(rows.length, ids.length);
    const request = { logProbsOf: Int32Array.from(ids) };
    await runBatches(noisy, rows, request, (result, start, end) => {
      addExpectedCounts(noise, result, placesOf(rows.slice(start, end), start));
      progress(rows.length + end, 2 * rows.length, 'texts');
    });
    const description = 'The base with its weights moved at random, as far as tuning moved them.';
    return [...made, { name: 'weight noise', description, counts: noise }];
  } finally {
    await noisy.dispose();
  }
}

/** At which the base is as uncertain as the tuned model after the first tokens. */
async function temperatureOf(
  base: LanguageModel,
  tuned: LanguageModel,
  rows: readonly Int32Array[],
): Promise<number> {
  const most = Math.min(COMPARED, Math.ceil(COMPARED_NUMBERS / base.info.vocabularySize));
  let total = 0;
  const few = rows.filter((row, i) => i === 0 || (total += row.length) <= most);
  const logitsOf = async (model: LanguageModel): Promise<Matrix> =>
    known((await model.run(few, { logits: 'all' })).logits, 'logits');
  return matchTemperature(await logitsOf(base), await logitsOf(tuned));
}

async function runBatches(
  model: LanguageModel,
  rows: TokenRows,
  request: RunRequest,
  use: (result: RunResult, start: number, end: number) => void,
): Promise<void> {
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    use(await model.run(rows.slice(start, end), request), start, end);
  }
}
