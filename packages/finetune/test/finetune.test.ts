import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { finetune, sft } from '../src/index.ts';
import type { FinetuneOptions, HistoryPoint, TokenSequence } from '../src/index.ts';
import { createBatches } from '../src/training/batches.ts';
import { scheduleOf, stepsOf, trainingSettingsSchema } from '../src/training/settings.ts';
import { loadGolden, temporaryFolder } from './support/golden-checkpoint.ts';
import { tiny } from './support/goldens.ts';

/** Texts in which each token follows from the one before it. */
const random = createRandom(3);
const texts: readonly TokenSequence[] = Array.from({ length: 24 }, () => {
  const first = random.integer(40);
  return { ids: Array.from({ length: 4 + random.integer(5) }, (_, t) => first + 2 * t), start: 1 };
});

const model = await loadGolden(tiny());
const settings = { batchSize: 6, epochs: 3, learningRate: 0.02, logEvery: 2, evaluateEvery: 5 };

interface Result {
  readonly hash: string;
  readonly history: readonly HistoryPoint[];
  /** What was reported while it ran. */
  readonly reported: readonly HistoryPoint[];
}

async function train(changes: Partial<FinetuneOptions<TokenSequence>> = {}): Promise<Result> {
  const reported: HistoryPoint[] = [];
  const { trainer, history } = await finetune({
    ...{ model, method: sft(), items: texts.slice(4), heldOut: texts.slice(0, 4), settings },
    ...{ threads: 1, onPoint: (point) => reported.push(point), ...changes },
  });
  const { values, m, v } = trainer.state();
  const hash = [values, m, v].reduce((sum, x) => sum.update(x), createHash('sha256'));
  await trainer.dispose();
  return { hash: hash.digest('hex'), history, reported };
}

test('learns what held-out texts have in common with those it sees', async () => {
  const { history, reported } = await train();
  expect(history).toEqual(reported);
  expect(history.map(({ step }) => step)).toEqual([2, 4, 5, 6, 8, 10, 10, 12, 12]);
  const held = history.flatMap(({ metrics }) => metrics.eval_loss ?? []);
  expect(held).toHaveLength(3);
  expect(held.at(-1)).toBeLessThan((held[0] as number) - 0.5);
  expect(Object.keys(history[0]?.metrics ?? {})).toEqual(['loss', 'grad_norm', 'learning_rate']);
});

test.each([1, 7, 12])('stopped after step %i, it ends in the same bytes', async (last) => {
  const whole = await train();
  const checkpoint = { folder: join(temporaryFolder(), 'checkpoints'), everySteps: 3 };
  const stop = new AbortController();
  const onStep = (step: number): void => void (step === last && stop.abort());
  await expect(train({ checkpoint, signal: stop.signal, onStep })).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringContaining(`step ${last} of 12`),
  });
  expect(await train({ checkpoint })).toEqual(whole);
});

test('killed between two checkpoints, it ends in the same bytes', async () => {
  const checkpoint = { folder: temporaryFolder(), everySteps: 3 };
  const killed = new Error('killed');
  const onStep = (step: number): void => {
    if (step === 5) throw killed;
  };
  await expect(train({ checkpoint, onStep })).rejects.toBe(killed);
  expect(await train({ checkpoint })).toEqual(await train());
});

test('refuses the checkpoint of another training', async () => {
  const checkpoint = { folder: temporaryFolder() };
  await train({ checkpoint });
  for (const other of [{ seed: 1 }, { items: texts }, { settings: { ...settings, beta2: 0.9 } }]) {
    await expect(train({ checkpoint, ...other })).rejects.toMatchObject({ code: 'run-invalid' });
  }
});

test('a training that diverges says where its last good state is', async () => {
  const checkpoint = { folder: temporaryFolder(), everySteps: 1 };
  const diverging = { ...settings, learningRate: 1e25, warmUp: 0 };
  await expect(train({ checkpoint, settings: diverging })).rejects.toMatchObject({
    code: 'numbers-invalid',
    message: expect.stringMatching(/stopped at step 2: .*last good checkpoint is of step 1, /),
  });
  const [file = ''] = [join(checkpoint.folder, 'checkpoint.safetensors')].filter(existsSync);
  expect(readFileSync(file).includes('"step":"1"')).toBe(true);
});

test('refuses settings that it cannot follow, and nothing to learn from', async () => {
  await expect(train({ settings: { learningRate: 0 } })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('learningRate'),
  });
  await expect(train({ items: [] })).rejects.toMatchObject({ code: 'texts-invalid' });
});

test('every epoch has all items once, in another order', () => {
  const batchOf = createBatches([...Array(10).keys()], { batchSize: 4, seed: 7 });
  const epochs = [0, 3].map((first) => [0, 1, 2].map((s) => batchOf(first + s)));
  for (const epoch of epochs) {
    expect(epoch.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(epoch.flat().sort((a, b) => a - b)).toEqual([...Array(10).keys()]);
  }
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(batchOf(1)).toEqual(epochs[0]?.[1]);
});

test('the rate rises to its highest value and falls to 0', () => {
  const given = trainingSettingsSchema.parse({ learningRate: 2, warmUp: 0.25, epochs: 2 });
  const steps = stepsOf(given, 64);
  expect(steps).toBe(8);
  const rates = (decay: 'linear' | 'cosine' | 'constant'): number[] => {
    const rate = scheduleOf({ ...given, decay }, steps);
    return [...Array(steps + 1).keys()].map((step) => rate(step));
  };
  expect(rates('linear').slice(0, 4)).toEqual([1, 2, 2, 2 - 2 / 6]);
  expect(rates('linear').at(-1)).toBe(0);
  expect(rates('cosine')[5]).toBeCloseTo(1, 12);
  expect(rates('constant').slice(1)).toEqual(Array(8).fill(2));
});
