import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import { readRunEvents } from '../src/run-store/event-log.ts';
import { defineStage } from '../src/stage.ts';
import { withRun } from '../src/with-run.ts';
import type { RunOptions } from '../src/with-run.ts';
import { temporaryFolder, tickingClock } from './temporary-folder.ts';

const stage = defineStage({
  name: 'one',
  needs: {},
  config: (_: object) => ({}),
  work: ({ folder }) => writeFile(join(folder, 'out'), 'x'),
  read: (folder) => readFile(join(folder, 'out'), 'utf8'),
});

const optionsOf = (folder: string, changes: Partial<RunOptions<object>> = {}) => ({
  folder,
  description: { settings: { layers: 5, seed: 0 } },
  stages: [stage],
  context: {},
  now: tickingClock(),
  ...changes,
});

const describedIn = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));

describe('a run', () => {
  test('is described, named by its folder, and told from beginning to end', async () => {
    const folder = join(await temporaryFolder(), 'mine');
    const events: RunEventInput[] = [];
    const onEvent = (event: RunEventInput) => void events.push(event);
    const result = await withRun(optionsOf(folder, { onEvent }), async (run) => {
      expect(run.name).toBe('mine');
      return run.outputs({ stage });
    });
    expect(result).toEqual({ stage: 'x' });
    expect(await describedIn(folder)).toEqual({ settings: { layers: 5, seed: 0 } });
    expect(events.map(({ type }) => type)).toEqual([
      'run-started',
      'stage-started',
      'stage-finished',
      'run-finished',
    ]);
    expect(events[0]).toEqual({ type: 'run-started', name: 'mine', stages: ['one'] });
  });

  test('says what it works on, and is the same run when that has another name', async () => {
    const folder = join(await temporaryFolder(), 'run');
    for (const model of ['base', './models/base']) {
      await withRun(optionsOf(folder, { worksOn: { model } }), () => Promise.resolve());
    }
    const { events } = await readRunEvents(folder);
    const said = events.flatMap(({ event }) =>
      event.type === 'run-started' ? [event.worksOn] : [],
    );
    expect(said).toEqual([{ model: 'base' }, { model: './models/base' }]);
  });

  test('says which command started it, latest last, and is the same run whatever it was', async () => {
    const folder = join(await temporaryFolder(), 'run');
    for (const command of ['feedprint a', 'feedprint b']) {
      await withRun(optionsOf(folder, { command }), () => Promise.resolve());
    }
    const { events } = await readRunEvents(folder);
    const said = events.flatMap(({ event }) =>
      event.type === 'run-started' ? [event.command] : [],
    );
    expect(said).toEqual(['feedprint a', 'feedprint b']);
    expect(await describedIn(folder)).toEqual({ settings: { layers: 5, seed: 0 } });
  });

  test('that fails says why in its events, and continues', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const events: RunEventInput[] = [];
    const onEvent = (event: RunEventInput) => void events.push(event);
    const failing = withRun(optionsOf(folder, { onEvent }), () =>
      Promise.reject(new Error('no answer')),
    );
    await expect(failing).rejects.toThrow('no answer');
    expect(events.at(-1)).toEqual({ type: 'run-failed', code: 'internal', message: 'no answer' });
    expect(await withRun(optionsOf(folder), () => Promise.resolve(1))).toBe(1);
  });

  test('refuses a folder of other settings, naming them, and leaves it as it is', async () => {
    const folder = join(await temporaryFolder(), 'run');
    await withRun(optionsOf(folder), () => Promise.resolve());
    const before = await readFile(join(folder, 'events.jsonl'), 'utf8');
    const description = { settings: { layers: 3, seed: 0 } };
    const again = withRun(optionsOf(folder, { description }), () => Promise.resolve());
    await expect(again).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(again).rejects.toThrow('settings.layers 5, now 3');
    await expect(again).rejects.toMatchObject({ remedy: expect.not.stringContaining('overwrite') });
    const asked = withRun(optionsOf(folder, { description, overwrite: false }), () =>
      Promise.resolve(),
    );
    await expect(asked).rejects.toMatchObject({ remedy: expect.stringContaining('--overwrite') });
    expect(await readFile(join(folder, 'events.jsonl'), 'utf8')).toBe(before);
    expect(await describedIn(folder)).toEqual({ settings: { layers: 5, seed: 0 } });
  });

  test('takes a folder of other settings over when told to, and keeps the stages that both share', async () => {
    const folder = join(await temporaryFolder(), 'run');
    await withRun(optionsOf(folder), (run) => run.finish());
    const description = { settings: { layers: 3, seed: 0 } };
    const events: RunEventInput[] = [];
    const onEvent = (event: RunEventInput) => void events.push(event);
    const options = optionsOf(folder, { description, onEvent, overwrite: true });
    await withRun(options, (run) => run.finish());
    expect(events).toContainEqual({ type: 'stage-finished', stage: 'one', reused: true });
    expect(await describedIn(folder)).toEqual(description);
  });
});
