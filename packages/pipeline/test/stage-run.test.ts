import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Artifact, RunEvent, RunStore } from '@feedprint/core';
import { z } from 'zod';
import { readJson, writeJson } from '../src/json-files.ts';
import { createTemporaryRunStore } from '../src/run-store/temporary-run-store.ts';
import { createStageRun, stageKey } from '../src/stage-run.ts';
import type { StageRun, StageRunOptions } from '../src/stage-run.ts';
import { defineStage, defineStages } from '../src/stage.ts';
import type { Need, Needs, Stage, StageJob } from '../src/stage.ts';
import { tickingClock } from './temporary-folder.ts';

const openStore = (): Promise<RunStore> => createTemporaryRunStore({ now: tickingClock() });

interface Context {
  readonly seed: number;
}

/** A stage that writes a text, and how often it did. */
function counting({
  name = 'count',
  config = { a: 1 } as unknown,
  needs = {} as Needs<Context>,
  work = async (_job: StageJob<Context, unknown>): Promise<void> => undefined,
} = {}): { stage: Stage<Context, string>; runs: () => number } {
  let runs = 0;
  const stage = defineStage({
    name,
    needs,
    config: (_: Context) => config,
    work: async (job) => {
      runs++;
      await work(job);
      await writeFile(join(job.folder, 'out'), 'x');
    },
    read: (folder) => readFile(join(folder, 'out'), 'utf8'),
  });
  return { stage, runs: () => runs };
}

const runOf = (
  store: RunStore,
  stages: readonly Need<Context>[],
  options: Partial<StageRunOptions<Context>> = {},
): StageRun<Context> => createStageRun({ store, stages, context: { seed: 7 }, ...options });

async function eventsOf(store: RunStore): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of store.events()) events.push(event);
  return events;
}

describe('the stages of a run', () => {
  test('are done once and taken over afterwards', async () => {
    const store = await openStore();
    const { stage, runs } = counting();
    await runOf(store, [stage]).finish();
    await runOf(store, [counting({ config: { a: 1, b: undefined } }).stage]).finish();
    expect(runs()).toBe(1);
    expect((await eventsOf(store)).map(({ type, ...rest }) => ({ type, ...rest }))).toMatchObject([
      { type: 'stage-started', stage: 'count' },
      { type: 'stage-finished', reused: false },
      { type: 'stage-finished', reused: true },
    ]);
    await store.close();
  });

  test('come after what they need, each once, whatever asks for them', async () => {
    const store = await openStore();
    const first = counting({ name: 'first' }).stage;
    const second = counting({ name: 'second', needs: { first } }).stage;
    const third = counting({ name: 'third', needs: { second, first } }).stage;
    const run = runOf(store, [third, second]);
    expect(run.names).toEqual(['first', 'second', 'third']);
    await run.finish();
    const finished = (await eventsOf(store)).flatMap((event) =>
      event.type === 'stage-finished' ? [event.stage] : [],
    );
    expect(finished).toEqual(['first', 'second', 'third']);
    await store.close();
  });

  test('see what they need, parsed, and nothing else', async () => {
    const store = await openStore();
    const numbers = defineStage({
      name: 'numbers',
      needs: {},
      config: ({ seed }: Context) => ({ seed }),
      work: ({ context, folder }) => writeJson(folder, 'n.json', [context.seed, 2]),
      read: (folder) => readJson(folder, 'n.json', z.array(z.number())),
    });
    const seen: unknown[] = [];
    const sum = defineStage({
      name: 'sum',
      needs: { numbers },
      config: (_: Context) => ({}),
      work: async ({ needs, folder }) => {
        seen.push(needs);
        await writeJson(
          folder,
          'sum.json',
          needs.numbers.reduce((a, b) => a + b, 0),
        );
      },
      read: (folder) => readJson(folder, 'sum.json', z.number()),
    });
    const { sum: total } = await runOf(store, [sum]).outputs({ sum });
    expect(total).toBe(9);
    expect(seen).toEqual([{ numbers: [7, 2] }]);
    await store.close();
  });

  test('may be many, or none, by the run', async () => {
    const store = await openStore();
    const each = defineStages(({ seed }: Context) =>
      Array.from({ length: seed - 5 }, (_, i) => counting({ name: `each-${i}`, config: i }).stage),
    );
    const none = defineStages((_: Context): Stage<Context, string>[] => []);
    const { stage: last } = counting({ name: 'last', needs: { each, none } });
    const run = runOf(store, [each, last]);
    expect(run.names).toEqual(['each-0', 'each-1', 'last']);
    expect(await run.outputs({ each, none })).toEqual({ each: ['x', 'x'], none: [] });
    await store.close();
  });

  test('are made when they are asked for, with what they need alone', async () => {
    const store = await openStore();
    const first = counting({ name: 'first' });
    const other = counting({ name: 'other' });
    const last = counting({ name: 'last', needs: { first: first.stage } });
    const run = runOf(store, [other.stage, last.stage]);
    expect(await run.outputs({ last: last.stage })).toEqual({ last: 'x' });
    expect([first.runs(), other.runs(), last.runs()]).toEqual([1, 0, 1]);
    await store.close();
  });

  test('cannot be asked for when the run does not plan them', async () => {
    const store = await openStore();
    const run = runOf(store, [counting().stage]);
    const { stage } = counting({ name: 'other' });
    await expect(run.outputs({ stage })).rejects.toThrow('stage other is not one of the run');
    await store.close();
  });

  test('of different work cannot have one name', async () => {
    const store = await openStore();
    const stages = [counting().stage, counting({ config: { a: 2 } }).stage];
    expect(() => runOf(store, stages)).toThrow('two stages are called count');
    await store.close();
  });

  test('are done again when configuration or needs differ', async () => {
    const store = await openStore();
    const a = counting({ name: 'a' }).stage;
    const b = counting({ name: 'b' }).stage;
    const variants: Parameters<typeof counting>[0][] = [
      {},
      { config: { a: 2 } },
      { needs: { a, b } },
      { needs: { b, a } },
      { needs: { a } },
    ];
    const runs: number[] = [];
    for (const variant of [...variants, ...variants]) {
      const counted = counting(variant);
      await runOf(store, [counted.stage]).finish();
      runs.push(counted.runs());
    }
    expect(runs).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
    await store.close();
  });

  test('are done again when their files were damaged', async () => {
    const store = await openStore();
    const { stage, runs } = counting();
    await runOf(store, [stage]).finish();
    const { folder } = (await store.find('count', stageKey('count', { a: 1 }, []))) as Artifact;
    await writeFile(join(folder, 'out'), 'y');
    expect(await runOf(store, [stage]).outputs({ stage })).toEqual({ stage: 'x' });
    expect(runs()).toBe(2);
    await store.close();
  });

  test('pass on what work throws and finish nothing', async () => {
    const store = await openStore();
    const failure = new Error('no');
    const { stage } = counting({ work: () => Promise.reject(failure) });
    await expect(runOf(store, [stage]).finish()).rejects.toBe(failure);
    expect((await eventsOf(store)).map(({ type }) => type)).toEqual(['stage-started']);
    await store.close();
  });

  test('stop at the next report once the signal is aborted, and keep nothing', async () => {
    const store = await openStore();
    const controller = new AbortController();
    const { stage } = counting({
      work: async ({ stage: reports }) => {
        reports.progress(1, 10, 'steps');
        controller.abort();
        reports.progress(2, 10, 'steps');
      },
    });
    const run = runOf(store, [stage], { signal: controller.signal });
    await expect(run.finish()).rejects.toMatchObject({ code: 'cancelled' });
    expect(await store.find('count', stageKey('count', { a: 1 }, []))).toBeUndefined();
    await expect(run.finish()).rejects.toMatchObject({ code: 'cancelled' });
    await store.close();
  });

  test('keep nothing of work that ends after the signal without looking at it', async () => {
    const store = await openStore();
    const controller = new AbortController();
    const { stage } = counting({ work: async () => controller.abort() });
    const run = runOf(store, [stage], { signal: controller.signal });
    await expect(run.finish()).rejects.toMatchObject({ code: 'cancelled' });
    await store.close();
  });

  test('hand their work to another executor', async () => {
    const store = await openStore();
    const seen: string[] = [];
    const run = runOf(store, [counting().stage], {
      execute: async (task, folder, reports) => {
        seen.push(task.name);
        await task.work(folder, reports);
      },
    });
    await run.finish();
    expect(seen).toEqual(['count']);
    await store.close();
  });
});

describe('what a stage reports', () => {
  test('thins progress out to five a second and always tells the last', async () => {
    const store = await openStore();
    let time = 0;
    const { stage } = counting({
      work: async ({ stage: reports }) => {
        for (let done = 1; done <= 999; done++) {
          time += 1;
          reports.progress(done, 1000, 'rows');
        }
      },
    });
    await runOf(store, [stage], { clock: () => time }).finish();
    const progress = (await eventsOf(store)).flatMap((event) =>
      event.type === 'stage-progress' ? [event.done] : [],
    );
    expect(progress).toEqual([1, 201, 401, 601, 801, 999]);
    await store.close();
  });

  test('writes metrics and findings as they come, and no NaN', async () => {
    const store = await openStore();
    const { stage } = counting({
      work: async ({ stage: reports }) => {
        reports.metric('mse', 0, 0.5);
        reports.finding('"bad" is rewarded');
        reports.metric('mse', 1, NaN);
      },
    });
    const finished = runOf(store, [stage]).finish();
    await expect(finished).rejects.toMatchObject({ code: 'numbers-invalid' });
    await expect(finished).rejects.toThrow('mse of stage count is NaN at step 1');
    expect(await eventsOf(store)).toMatchObject([
      { type: 'stage-started' },
      { type: 'metric', name: 'mse', step: 0, value: 0.5 },
      { type: 'finding', text: '"bad" is rewarded' },
    ]);
    await store.close();
  });
});

describe('what a stage left', () => {
  test('is refused, naming file and place, when it does not fit its schema', async () => {
    const store = await openStore();
    const stage = defineStage({
      name: 'wrong',
      needs: {},
      config: (_: Context) => ({}),
      work: ({ folder }) => writeJson(folder, 'a.json', { n: 'one' }),
      read: (folder) => readJson(folder, 'a.json', z.strictObject({ n: z.number() })),
    });
    const read = runOf(store, [stage]).outputs({ stage });
    await expect(read).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(read).rejects.toThrow(/a\.json does not fit its format at n/);
    await store.close();
  });

  test('is given whole: what the schema does not mention is kept', async () => {
    const store = await openStore();
    const stage = defineStage({
      name: 'more',
      needs: {},
      config: (_: Context) => ({}),
      work: ({ folder }) => writeJson(folder, 'a.json', { n: 1, trace: [1, 2] }),
      read: (folder) => readJson(folder, 'a.json', z.object({ n: z.number() })),
    });
    const { stage: read } = await runOf(store, [stage]).outputs({ stage });
    expect(read).toEqual({ n: 1, trace: [1, 2] });
    await store.close();
  });
});

describe('stageKey', () => {
  test('is the hash of the name, the configuration and the keys of the inputs', () => {
    const input: Artifact = { stage: 'a', key: 'k', folder: '/anywhere' };
    // printf '{"config":{"seed":1},"inputs":["k"],"name":"b"}' | sha256sum
    expect(stageKey('b', { seed: 1 }, [input])).toBe(
      '95a57b48e5606ccc58edb04645c5529283e8a93ea55741626dde76180bc9a247',
    );
  });
});
