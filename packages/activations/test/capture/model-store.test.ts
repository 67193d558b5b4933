import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ActivationRows, LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { activationStoreConformance } from '@feedprint/core/testing';
import { createModelStore, loadModel } from '../../src/index.ts';
import { recordedModel, textsOf } from '../support/recorded-model.ts';
import { writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { concatRows } from './concat-rows.ts';

/** What is about adding rows, which nobody does here. */
const appending = /^refuses (activations of more|a part|provenance|a site whose)/;

const stores = [1, 7, 10, 1000].map((batchPositions) => ({
  batchPositions,
  make: async (parts: readonly ActivationRows[]) => {
    const rows = concatRows(parts);
    const sites = [...rows.activations.keys()];
    return createModelStore(recordedModel(rows), textsOf(rows), sites, { batchPositions });
  },
}));

describe.each(stores)('a store that runs $batchPositions positions at once', ({ make }) => {
  const checks = activationStoreConformance(make).filter(({ name }) => !appending.test(name));
  test('has checks to pass', () => expect(checks.length).toBe(6));
  for (const check of checks) test(check.name, check.run);
});

/** `count` texts of 5 tokens, each token another number. */
function numbered(count: number): ActivationRows {
  const ints = (of: (i: number) => number): Int32Array =>
    Int32Array.from({ length: 5 * count }, (_, i) => of(i));
  const m = matrix(5 * count, 2);
  m.data.forEach((_, i) => (m.data[i] = i));
  return {
    text: ints((i) => Math.floor(i / 5)),
    position: ints((i) => i % 5),
    token: ints((i) => i),
    activations: new Map([
      ['a', m],
      ['b', m],
    ]),
  };
}

describe('a store that reads from the model', () => {
  test('runs each text once for reads in order, of one site after the other', async () => {
    const rows = numbered(40);
    const model = recordedModel(rows);
    const store = createModelStore(model, textsOf(rows), ['a', 'b'], { batchPositions: 20 });
    expect(model.textsRun).toBe(0);
    for (let start = 0; start < 200; start += 16) {
      for (const site of ['a', 'b']) await store.read(site, start, Math.min(200, start + 16));
    }
    expect(model.textsRun).toBe(40);
  });

  test('runs only the texts that a read touches, and those beside them', async () => {
    const rows = numbered(40);
    const model = recordedModel(rows);
    const store = createModelStore(model, textsOf(rows), ['a'], { batchPositions: 10 });
    expect((await store.read('a', 61, 63)).data).toEqual(Float32Array.of(122, 123, 124, 125));
    expect(model.textsRun).toBe(2);
  });

  test('runs texts of about equal length together, each once for reads in order', async () => {
    const lengths = [9, 2, 7, 2, 8, 3, 1, 9, 4, 4, 6, 2];
    const rows = numbered(22);
    const texts = lengths.map((length, t) => Array.from({ length }, (_, i) => 9 * t + i));
    const model = recordedModel(rows);
    const division = { batchPositions: 18, windowPositions: 24 };
    const store = createModelStore(model, texts, ['a', 'b'], division);
    expect([...store.provenance.token]).toEqual(texts.flat());
    for (let start = 0; start < store.rows; start += 5) {
      for (const site of ['a', 'b']) {
        const end = Math.min(store.rows, start + 5);
        const expected = texts.flat().slice(start, end);
        const read = await store.read(site, start, end);
        expect([...read.data]).toEqual(expected.flatMap((id) => [2 * id, 2 * id + 1]));
      }
    }
    expect(model.textsRun).toBe(texts.length);
  });

  test('leaves tokens out that it is told to skip', async () => {
    const rows = numbered(3);
    const skip = new Set([0, 7, 8, 9]);
    const store = createModelStore(recordedModel(rows), textsOf(rows), ['a'], { skip });
    expect([...store.provenance.token]).toEqual([1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14]);
    expect([...store.provenance.position]).toEqual([1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4]);
    const read = await store.read('a', 3, 8);
    expect([...read.data]).toEqual([8, 9, 10, 11, 12, 13, 20, 21, 22, 23]);
  });

  test('takes its scale from windows spread over the texts where there are many', async () => {
    const rows = numbered(100);
    const model = recordedModel(rows);
    const store = createModelStore(model, textsOf(rows), ['a', 'b'], {
      batchPositions: 10,
      windowPositions: 10,
      scaleRows: 50,
    });
    const { mean } = await store.scale('a');
    expect(model.textsRun).toBe(10);
    expect(Math.abs((mean[0] as number) - 499)).toBeLessThan(20);
    expect(await store.scale('b')).toEqual(await store.scale('a'));
    expect(model.textsRun).toBe(10);
  });

  test('refuses activations that are not finite, and asks again when it is asked again', async () => {
    const rows = numbered(3);
    (rows.activations.get('a') as Matrix).data[11] = NaN;
    const model = recordedModel(rows);
    const store = createModelStore(model, textsOf(rows), ['a'], { batchPositions: 5 });
    for (const _ of [1, 2]) {
      await expect(store.read('a', 5, 6)).rejects.toMatchObject({ code: 'numbers-invalid' });
      await expect(store.scale('a')).rejects.toMatchObject({ code: 'numbers-invalid' });
    }
    expect((await store.read('a', 0, 1)).rows).toBe(1);
  });

  test('refuses a site that the model has not, before it runs anything', () => {
    const rows = numbered(2);
    expect(() => createModelStore(recordedModel(rows), textsOf(rows), ['c'])).toThrow(
      /no site c.*a, b/,
    );
  });
});

describe('a store over a real model', () => {
  const sites = ['blocks.0.hook_mlp_out', 'blocks.1.hook_resid_post'];
  const texts: TokenRows = [[1, 2, 3], [0, 4], [5], [0], [6, 7, 8, 9, 10, 11, 12], [13, 14, 0, 15]];
  let model: LanguageModel;
  beforeAll(async () => {
    model = await loadModel(writeTinyCheckpoint(), { threads: 1 });
  });
  afterAll(() => model.dispose());

  test('gives what the model gives, special tokens left out', async () => {
    const store = createModelStore(model, texts, sites, { batchPositions: 6 });
    expect([...store.provenance.text]).toEqual([0, 0, 0, 1, 2, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5]);
    expect(store.provenance.token).not.toContain(0);
    for (const site of sites) {
      const all = await store.read(site, 0, store.rows);
      for (const [r, t] of store.provenance.text.entries()) {
        const alone = await model.run([texts[t] as number[]], { capture: [site] });
        const expected = alone.activations.get(site) as Matrix;
        const at = (store.provenance.position[r] as number) * expected.columns;
        for (let i = 0; i < expected.columns; i++) {
          expect(all.data[r * all.columns + i]).toBeCloseTo(expected.data[at + i] as number, 5);
        }
      }
    }
  });

  test('gives the same bits whatever was read before, two reads at a time too', async () => {
    const site = sites[1] as string;
    const whole = await createModelStore(model, texts, sites, { batchPositions: 6 }).read(
      site,
      0,
      15,
    );
    const store = createModelStore(model, texts, sites, { batchPositions: 6 });
    const reads = [9, 2, 14, 3].map((r) => store.read(site, r, r + 1));
    for (const [i, r] of [9, 2, 14, 3].entries()) {
      const part = await (reads[i] as Promise<Matrix>);
      expect(part.data).toEqual(whole.data.slice(r * 16, (r + 1) * 16));
    }
  });
});
