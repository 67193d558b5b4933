import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Artifact, RunEvent, RunStore } from '@feedprint/core';
import { createTemporaryRunStore } from '../src/run-store/temporary-run-store.ts';
import { createStageRunner, stageKey } from '../src/stages.ts';
import type { Stage } from '../src/stages.ts';
import { tickingClock } from './temporary-folder.ts';

const openStore = (): Promise<RunStore> => createTemporaryRunStore({ now: tickingClock() });

function counting(stage: Partial<Stage> = {}): { stage: Stage; runs: () => number } {
  let runs = 0;
  const work: Stage['work'] = async (folder) => {
    runs++;
    await writeFile(join(folder, 'out'), 'x');
  };
  const base = { name: 'count', config: { a: 1 }, inputs: [], work };
  return { stage: { ...base, ...stage }, runs: () => runs };
}

async function eventsOf(store: RunStore): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of store.events()) events.push(event);
  return events;
}

describe('createStageRunner', () => {
  test('does the work once and reuses it afterwards', async () => {
    const store = await openStore();
    const runner = createStageRunner({ store });
    const { stage, runs } = counting();
    const first = await runner.run(stage);
    const second = await runner.run({ ...stage, config: { a: 1, b: undefined } });
    expect(second).toEqual(first);
    expect(runs()).toBe(1);
    expect((await eventsOf(store)).map(({ type, ...rest }) => ({ type, ...rest }))).toMatchObject([
      { type: 'stage-started', stage: 'count' },
      { type: 'stage-finished', reused: false },
      { type: 'stage-finished', reused: true },
    ]);
    await store.close();
  });

  test('does the work again when name, configuration, an input or their order differ', async () => {
    const store = await openStore();
    const runner = createStageRunner({ store });
    const { stage, runs } = counting();
    const a = await runner.run(stage);
    const b = await runner.run({ ...stage, config: { a: 2 } });
    await runner.run({ ...stage, name: 'other' });
    await runner.run({ ...stage, inputs: [a, b] });
    await runner.run({ ...stage, inputs: [b, a] });
    expect(runs()).toBe(5);
    await store.close();
  });

  test('does the work again when the artifact was damaged', async () => {
    const store = await openStore();
    const runner = createStageRunner({ store });
    const { stage, runs } = counting();
    const { folder } = await runner.run(stage);
    await writeFile(join(folder, 'out'), 'y');
    await runner.run(stage);
    expect(runs()).toBe(2);
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('x');
    await store.close();
  });

  test('passes on what work throws and finishes nothing', async () => {
    const store = await openStore();
    const runner = createStageRunner({ store });
    const failure = new Error('no');
    const { stage } = counting({ work: () => Promise.reject(failure) });
    await expect(runner.run(stage)).rejects.toBe(failure);
    expect((await eventsOf(store)).map(({ type }) => type)).toEqual(['stage-started']);
    await store.close();
  });

  test('stops at the next report once the signal is aborted, and keeps nothing', async () => {
    const store = await openStore();
    const controller = new AbortController();
    const runner = createStageRunner({ store, signal: controller.signal });
    const { stage } = counting({
      work: async (_folder, context) => {
        context.progress(1, 10, 'steps');
        controller.abort();
        context.progress(2, 10, 'steps');
      },
    });
    await expect(runner.run(stage)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await store.find('count', stageKey(stage))).toBeUndefined();
    await expect(runner.run(counting().stage)).rejects.toMatchObject({ code: 'cancelled' });
    await store.close();
  });

  test('keeps nothing of work that ends after the signal without looking at it', async () => {
    const store = await openStore();
    const controller = new AbortController();
    const runner = createStageRunner({ store, signal: controller.signal });
    const { stage } = counting({ work: async () => controller.abort() });
    await expect(runner.run(stage)).rejects.toMatchObject({ code: 'cancelled' });
    await store.close();
  });

  test('hands the work to another executor', async () => {
    const store = await openStore();
    const seen: string[] = [];
    const runner = createStageRunner({
      store,
      execute: async (stage, folder, context) => {
        seen.push(stage.name);
        await stage.work(folder, context);
      },
    });
    await runner.run(counting().stage);
    expect(seen).toEqual(['count']);
    await store.close();
  });
});

describe('a stage context', () => {
  test('thins progress out to five a second and always tells the last', async () => {
    const store = await openStore();
    let time = 0;
    const runner = createStageRunner({ store, clock: () => time });
    const work: Stage['work'] = async (_folder, context) => {
      for (let done = 1; done <= 999; done++) {
        time += 1;
        context.progress(done, 1000, 'rows');
      }
    };
    await runner.run(counting({ work }).stage);
    const progress = (await eventsOf(store)).flatMap((event) =>
      event.type === 'stage-progress' ? [event.done] : [],
    );
    expect(progress).toEqual([1, 201, 401, 601, 801, 999]);
    await store.close();
  });

  test('writes metrics and findings as they come, and no NaN', async () => {
    const store = await openStore();
    const runner = createStageRunner({ store });
    const work: Stage['work'] = async (_folder, context) => {
      context.metric('mse', 0, 0.5);
      context.finding('"bad" is rewarded');
      context.metric('mse', 1, NaN);
    };
    const run = runner.run(counting({ work }).stage);
    await expect(run).rejects.toMatchObject({ code: 'numbers-invalid' });
    await expect(run).rejects.toThrow('mse of stage count is NaN at step 1');
    expect(await eventsOf(store)).toMatchObject([
      { type: 'stage-started' },
      { type: 'metric', name: 'mse', step: 0, value: 0.5 },
      { type: 'finding', text: '"bad" is rewarded' },
    ]);
    await store.close();
  });
});

describe('stageKey', () => {
  test('is the hash of the name, the configuration and the keys of the inputs', () => {
    const input: Artifact = { stage: 'a', key: 'k', folder: '/anywhere' };
    // printf '{"config":{"seed":1},"inputs":["k"],"name":"b"}' | sha256sum
    expect(stageKey({ name: 'b', config: { seed: 1 }, inputs: [input] })).toBe(
      '95a57b48e5606ccc58edb04645c5529283e8a93ea55741626dde76180bc9a247',
    );
  });
});
