import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { ActivationRows, Matrix } from '@feedprint/core';
import { createShardedStoreFormat } from '../../src/capture/activation-store.ts';
import { captureActivations } from '../../src/capture/capture-activations.ts';
import type { CaptureOptions } from '../../src/capture/capture-activations.ts';
import { createModelStore } from '../../src/capture/model-store.ts';
import { recordedModel } from '../support/recorded-model.ts';
import type { RecordedModel } from '../support/recorded-model.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

const sites = ['a', 'b'];

/** 30 texts of 1 to 9 tokens, all tokens different; token 0 and every 17th are special. */
const random = createRandom(4);
const lengths = Array.from({ length: 30 }, () => 1 + random.integer(9));
const total = lengths.reduce((sum, n) => sum + n, 0);
let next = 0;
const texts = lengths.map((length) => Array.from({ length }, () => next++));
const recorded: ActivationRows = {
  text: new Int32Array(total),
  position: new Int32Array(total),
  token: Int32Array.from({ length: total }, (_, i) => i),
  activations: new Map(
    sites.map((site, s) => [
      site,
      matrix(
        total,
        2 + s,
        Float32Array.from({ length: total * (2 + s) }, () => random.normal()),
      ),
    ]),
  ),
};
const skip = new Set(Array.from({ length: total }, (_, i) => i).filter((i) => i % 17 === 0));

/** Captures into `folder` with shards of 16 rows; gives the model, which counts what it ran. */
async function capture(
  folder: string,
  changes: Partial<CaptureOptions> = {},
): Promise<RecordedModel> {
  const model = recordedModel(recorded);
  await captureActivations(model, texts, {
    sites,
    store: createShardedStoreFormat({ shardRows: 16 }),
    folder,
    skip,
    batchPositions: 20,
    windowPositions: 40,
    ...changes,
  });
  return model;
}

/** Captures and dies after so many rows. */
async function captureUntil(folder: string, rows: number): Promise<void> {
  const death = new Error('killed');
  const onProgress = (done: number): void => {
    if (done >= rows) throw death;
  };
  await expect(capture(folder, { onProgress })).rejects.toBe(death);
}

const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('hex')]),
  );

const whole = temporaryFolder();
const wholeModel = capture(whole);

describe('captured activations', () => {
  test('are those of the model store, bit for bit, one row per kept token in text order', async () => {
    const ran = await wholeModel;
    expect(ran.textsRun).toBe(texts.filter((text) => text.some((id) => !skip.has(id))).length);
    const store = await createShardedStoreFormat().open(whole);
    const streamed = createModelStore(recordedModel(recorded), texts, sites, { skip });
    expect(store.provenance).toEqual(streamed.provenance);
    expect([...store.provenance.token]).toEqual(texts.flat().filter((id) => !skip.has(id)));
    for (const site of sites) {
      const read = await store.read(site, 0, store.rows);
      expect(read).toEqual(await streamed.read(site, 0, streamed.rows));
      const from = recorded.activations.get(site) as Matrix;
      const expected = [...store.provenance.token].flatMap((id) => [
        ...from.data.subarray(id * from.columns, (id + 1) * from.columns),
      ]);
      expect([...read.data]).toEqual(expected);
    }
  });

  test('leave the special tokens of the tokenizer out if they are told nothing', async () => {
    const folder = temporaryFolder();
    const model = recordedModel(recorded);
    const special: RecordedModel = {
      ...model,
      tokenizer: { ...model.tokenizer, specialIds: new Set([1, 2]) },
    };
    const store = await captureActivations(special, [[0, 1, 2, 3]], {
      sites: ['b'],
      store: createShardedStoreFormat(),
      folder,
    });
    expect([...store.provenance.token]).toEqual([0, 3]);
    expect(store.sites).toEqual(['b']);
  });

  test('of no texts keep the sites and their widths', async () => {
    const folder = temporaryFolder();
    const store = await captureActivations(recordedModel(recorded), [[0], []], {
      sites,
      store: createShardedStoreFormat(),
      folder,
      skip,
    });
    expect([store.rows, store.sites, store.width('b')]).toEqual([0, sites, 3]);
  });

  test('tell how far they are, up to all rows', async () => {
    const seen: number[] = [];
    await capture(temporaryFolder(), { onProgress: (done) => seen.push(done) });
    expect(seen[0]).toBe(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(total - skip.size);
  });
});

describe('a capture that was stopped', () => {
  test.each([1, 30, 60, 90, 120])(
    'after %i rows goes on behind its whole shards and ends with the same bytes',
    async (rows) => {
      await wholeModel;
      const folder = temporaryFolder();
      await captureUntil(folder, rows);
      expect(existsSync(join(folder, 'store.json'))).toBe(false);
      const complete = readdirSync(folder).filter((name) => name.startsWith('shard-')).length;
      const starts: number[] = [];
      const model = await capture(folder, { onProgress: (done) => starts.push(done) });
      expect(starts[0]).toBe(16 * complete);
      if (rows >= 90) expect(model.textsRun).toBeLessThan((await wholeModel).textsRun);
      expect(filesOf(folder)).toEqual(filesOf(whole));
    },
  );

  test('in the middle of a file ends with the same bytes', async () => {
    await wholeModel;
    const folder = temporaryFolder();
    await captureUntil(folder, 60);
    const complete = readdirSync(folder).filter((name) => name.startsWith('shard-')).length;
    // The next shard half written, the journal not yet told of the last one.
    writeFileSync(join(folder, `shard-0000${complete}.safetensors.tmp`), 'half');
    const journal = JSON.parse(readFileSync(join(folder, 'store.partial.json'), 'utf8'));
    journal.shards.pop();
    writeFileSync(join(folder, 'store.partial.json'), JSON.stringify(journal));
    await capture(folder);
    expect(filesOf(folder)).toEqual(filesOf(whole));
  });

  test('between its last shard and its index ends with the same bytes', async () => {
    await wholeModel;
    const folder = temporaryFolder();
    cpSync(whole, folder, { recursive: true });
    const {
      provenance: _,
      sites: measured,
      ...rest
    } = JSON.parse(readFileSync(join(folder, 'store.json'), 'utf8'));
    const names = measured.map(({ site }: { site: string }) => site);
    writeFileSync(join(folder, 'store.partial.json'), JSON.stringify({ ...rest, sites: names }));
    rmSync(join(folder, 'store.json'));
    await capture(folder);
    expect(filesOf(folder)).toEqual(filesOf(whole));
  });

  test('does not trust a shard that was damaged meanwhile', async () => {
    await wholeModel;
    const folder = temporaryFolder();
    await captureUntil(folder, 90);
    const path = join(folder, 'shard-00001.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = 1;
    writeFileSync(path, bytes);
    await capture(folder);
    expect(filesOf(folder)).toEqual(filesOf(whole));
  });

  test('by a signal says how to go on', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const stopped = capture(folder, {
      signal: stop.signal,
      onProgress: (done) => done >= 40 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringMatching(/^stopped after \d+ of \d+ tokens; capture again/),
    });
    await capture(folder);
    await wholeModel;
    expect(filesOf(folder)).toEqual(filesOf(whole));
  });

  test('is over once it is finished: nothing runs again', async () => {
    await wholeModel;
    const before = filesOf(whole);
    expect((await capture(whole)).textsRun).toBe(0);
    expect(filesOf(whole)).toEqual(before);
  });

  test.each<[string, Partial<CaptureOptions>, RegExp]>([
    ['sites', { sites: ['b'] }, /sites a,b, now b/],
    ['shards', { store: createShardedStoreFormat({ shardRows: 8 }) }, /shardRows 16, now 8/],
    [
      'numbers',
      { store: createShardedStoreFormat({ shardRows: 16, dtype: 'float16' }) },
      /dtype float32, now float16/,
    ],
    ['batches', { batchPositions: 30 }, /batches 20 positions of 40, now 30 positions of 40/],
    ['tokens', { skip: new Set([5]) }, /skip 0,17,34.*, now 5/],
    ['threads', { origin: { threads: '3' } }, /threads -, now 3/],
  ])('is not continued with other %s, finished or not', async (_, changes, says) => {
    await wholeModel;
    const folder = temporaryFolder();
    await captureUntil(folder, 60);
    for (const before of [folder, whole]) {
      const files = filesOf(before);
      await expect(capture(before, changes)).rejects.toMatchObject({
        code: 'run-invalid',
        message: expect.stringMatching(says),
      });
      expect(filesOf(before)).toEqual(files);
    }
  });

  test('is not begun in a folder of something else', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'years of work');
    await expect(capture(folder)).rejects.toMatchObject({
      code: 'run-invalid',
      message: expect.stringMatching(/not empty and contains no activations \(thesis\.tex\)/),
    });
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });
});
