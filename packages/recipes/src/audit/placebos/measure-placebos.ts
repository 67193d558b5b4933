import { matrix } from '@feedprint/core';
import type { LanguageModel, Matrix, RunRequest, RunResult, TokenRows } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { addExpectedCounts, placesOf } from '../capture/places.ts';
import { known } from '../known.ts';
import { noisyModel } from './noisy-model.ts';
import type { PlaceboCounts, PlaceboJob, PlaceboModel, PlaceboParts } from './placebo-parts.ts';
import { warmModel } from './warm-model.ts';
import { logProbsAt, matchTemperature } from './temperature.ts';

/** Positions on which temperatures are compared: fewer for large vocabularies. */
const COMPARED = 512;
const COMPARED_NUMBERS = 2 ** 22;

/**
 * The base at the temperature at which it is as uncertain as the tuned model, and the base with its weights moved at random as far as tuning moved
 * them, where they can be.
 */
export const createPlacebos = (): PlaceboParts => ({
  name: 'temperature and weight noise',
  settings: {},
  measure: measurePlacebos,
  models: placeboModels,
});

/** What a placebo is, in a sentence. */
const told = {
  temperature: (at: number): string =>
    `The base at temperature ${at.toPrecision(3)}, at which it is as uncertain as the tuned model.`,
  noise: 'The base with its weights moved at random, as far as tuning moved them.',
};

async function placeboModels({
  base,
  tuned,
  rows,
  random,
}: Pick<PlaceboJob, 'base' | 'tuned' | 'rows' | 'random'>): Promise<PlaceboModel[]> {
  const temperature = await temperatureOf(base, tuned, rows);
  const warm = warmModel(base, temperature);
  const noisy = noisyModel(base, tuned, random.fork('weight noise'));
  return [
    ...(warm
      ? [
          {
            name: 'temperature',
            description: told.temperature(temperature),
            temperature,
            model: warm,
          },
        ]
      : []),
    ...(noisy ? [{ name: 'weight noise', description: told.noise, model: noisy }] : []),
  ];
}

async function measurePlacebos(job: PlaceboJob): Promise<PlaceboCounts> {
  const { base, tuned, rows, ids, random, progress } = job;
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
    progress(end, 2 * rows.length);
  });
  const warm = {
    name: 'temperature',
    description: told.temperature(temperature),
    counts: counts.warm,
  };
  const noisy = noisyModel(base, tuned, random.fork('weight noise'));
  if (!noisy) return { base: counts.own, models: [warm] };
  try {
    const noise = matrix(rows.length, ids.length);
    const request = { logProbsOf: Int32Array.from(ids) };
    await runBatches(noisy, rows, request, (result, start, end) => {
      addExpectedCounts(noise, result, placesOf(rows.slice(start, end), start));
      progress(rows.length + end, 2 * rows.length);
    });
    return {
      base: counts.own,
      models: [warm, { name: 'weight noise', description: told.noise, counts: noise }],
    };
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
