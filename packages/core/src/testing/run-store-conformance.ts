import assert from 'node:assert/strict';
import { appendFile, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, RunEvent, RunStore } from '../contracts/run.ts';

export interface RunStoreConformanceOptions {
  /** The `test` of any runner: Jest, Vitest, `node:test`. */
  readonly test: (name: string, check: () => Promise<void>) => void;
  /** A new, empty run. The suite closes it. */
  readonly open: () => Promise<RunStore>;
  /** Opens a closed run again. Leave out for stores that keep nothing. */
  readonly reopen?: (folder: string) => Promise<RunStore>;
}

const key = 'a'.repeat(64);
const otherKey = 'b'.repeat(64);

/** Registers the tests that every `RunStore` must pass. */
export function runStoreConformance({ test, open, reopen }: RunStoreConformanceOptions): void {
  const check = (name: string, body: (store: RunStore) => Promise<void>): void => {
    test(name, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  };

  check('finds nothing in a new run', async (store) => {
    assert.equal(await store.find('capture', key), undefined);
    assert.deepEqual(await collect(store), []);
  });

  check('gives the writer an empty folder and finds what it wrote', async (store) => {
    const made = await store.create('capture', key, async (folder) => {
      assert.equal((await readdir(folder)).length, 0);
      await writeFile(join(folder, 'rows.bin'), new Uint8Array([1, 2, 3]));
    });
    assert.equal(made.stage, 'capture');
    assert.equal(made.key, key);
    assert.deepEqual([...(await readFile(join(made.folder, 'rows.bin')))], [1, 2, 3]);
    assert.deepEqual(await store.find('capture', key), made);
  });

  check('tells stages and keys apart', async (store) => {
    await store.create('capture', key, writeText('one'));
    assert.equal(await store.find('capture', otherKey), undefined);
    assert.equal(await store.find('train', key), undefined);
    const second = await store.create('capture', otherKey, writeText('two'));
    const first = (await store.find('capture', key)) as Artifact;
    assert.equal(await readFile(join(first.folder, 'text'), 'utf8'), 'one');
    assert.equal(await readFile(join(second.folder, 'text'), 'utf8'), 'two');
  });

  check('writes an artifact once', async (store) => {
    await store.create('capture', key, writeText('first'));
    const again = await store.create('capture', key, writeText('second'));
    assert.equal(await readFile(join(again.folder, 'text'), 'utf8'), 'first');
  });

  check('keeps nothing of a writer that fails', async (store) => {
    const failure = new Error('the writer failed');
    let temporary = '';
    await assert.rejects(
      store.create('capture', key, async (folder) => {
        temporary = folder;
        await writeText('half')(folder);
        throw failure;
      }),
      (error: unknown) => error === failure,
    );
    assert.equal(await store.find('capture', key), undefined);
    await assert.rejects(stat(temporary));
  });

  check('shows no artifact before its writer is done', async (store) => {
    await store.create('capture', key, async (folder) => {
      await writeText('all')(folder);
      assert.equal(await store.find('capture', key), undefined);
    });
    assert.notEqual(await store.find('capture', key), undefined);
  });

  check('takes a damaged artifact for absent and makes it anew', async (store) => {
    const made = await store.create('capture', key, writeText('whole'));
    await appendFile(join(made.folder, 'text'), '!');
    assert.equal(await store.find('capture', key), undefined);
    const again = await store.create('capture', key, writeText('whole'));
    assert.equal(await readFile(join(again.folder, 'text'), 'utf8'), 'whole');
    assert.deepEqual(await store.find('capture', key), again);
  });

  check('publishes files at the top of the run, last one wins', async (store) => {
    await store.publish('report.html', '<p>first</p>');
    await store.publish('report.html', '<p>é</p>');
    await store.publish('tables/words.bin', new Uint8Array([7]));
    assert.equal(await readFile(join(store.folder, 'report.html'), 'utf8'), '<p>é</p>');
    assert.deepEqual([...(await readFile(join(store.folder, 'tables', 'words.bin')))], [7]);
  });

  check('publishes nothing outside the run', async (store) => {
    for (const name of ['../escaped', '/escaped', 'tables/../../escaped', '']) {
      await assert.rejects(store.publish(name, 'x'), { name: 'FeedprintError' });
    }
  });

  check('replays events in the order they were appended', async (store) => {
    store.append({ type: 'run-started', name: 'demo', stages: ['capture'] });
    store.append({ type: 'stage-started', stage: 'capture' });
    for (let step = 0; step < 50; step++) {
      store.append({ type: 'metric', stage: 'capture', name: 'loss', step, value: 1 / (step + 1) });
    }
    store.append({ type: 'finding', stage: 'capture', text: 'line\nbreak, é, \u2028 and 😀' });
    const events = await collect(store);
    assert.equal(events.length, 53);
    const steps = events.flatMap((event) => (event.type === 'metric' ? [event.step] : []));
    assert.deepEqual(steps, [...Array(50).keys()]);
    const last = events.at(-1) as RunEvent;
    assert.equal(last.type === 'finding' ? last.text : '', 'line\nbreak, é, \u2028 and 😀');
    for (const event of events) assert.ok(!Number.isNaN(Date.parse(event.at)), `at is ${event.at}`);
  });

  if (!reopen) return;
  test('keeps artifacts, events and files for the next start', async () => {
    const first = await open();
    const made = await first.create('capture', key, writeText('kept'));
    first.append({ type: 'stage-finished', stage: 'capture', reused: false });
    await first.publish('report.json', '{}');
    await first.close();
    const second = await reopen(first.folder);
    try {
      assert.deepEqual(await second.find('capture', key), made);
      second.append({ type: 'run-finished' });
      const events = await collect(second);
      const types = events.map((event) => event.type);
      assert.deepEqual(types, ['stage-finished', 'run-finished']);
      assert.equal(await readFile(join(second.folder, 'report.json'), 'utf8'), '{}');
    } finally {
      await second.close();
    }
  });
}

function writeText(text: string): (folder: string) => Promise<void> {
  return (folder) => writeFile(join(folder, 'text'), text);
}

async function collect(store: RunStore): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of store.events()) events.push(event);
  return events;
}
