import { afterAll, describe, expect, test } from '@jest/globals';
import { row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { loadOnnxModel } from '../../src/onnx/load-onnx-model.ts';
import type { OnnxLanguageModel } from '../../src/onnx/load-onnx-model.ts';
import { fixtures, golden, unpack } from './fixtures.ts';

/** Halves have 11 bits. */
const tolerance = (name: string): number => (name.endsWith('f16') ? 2e-2 : 1e-4);

describe.each(fixtures)('%s', (name) => {
  let loaded: Promise<OnnxLanguageModel> | undefined;
  const load = (): Promise<OnnxLanguageModel> =>
    (loaded ??= loadOnnxModel(unpack(name), { threads: 1 }));
  afterAll(async () => (await loaded)?.dispose());
  const rows = golden(name);

  test('has every site that transformers shows, and no other', async () => {
    const model = await load();
    const expected = Object.keys(rows[0]?.sites ?? {}).sort();
    expect([...model.import.found].sort()).toEqual(expected);
    expect(model.sites.map(({ site }) => site)).toEqual(model.import.found);
  });

  test('computes the activations and logits that transformers computes', async () => {
    const model = await load();
    const capture = model.sites.map(({ site }) => site);
    const { activations, logits } = await model.run(
      rows.map(({ ids }) => ids),
      { capture, logits: 'last' },
    );
    let last = -1;
    rows.forEach((expected, r) => {
      last += expected.ids.length;
      const compare = (site: string, actual: Float32Array, wanted: readonly number[]): void => {
        const worst = actual.reduce(
          (top, v, i) => Math.max(top, Math.abs(v - (wanted[i] as number))),
          0,
        );
        expect({
          site,
          r,
          length: actual.length,
          close: worst <= tolerance(name) || worst,
        }).toEqual({
          site,
          r,
          length: wanted.length,
          close: true,
        });
      };
      compare('logits', row(logits as Matrix, r), expected.logits);
      for (const site of capture) {
        compare(site, row(activations.get(site) as Matrix, last), expected.sites[site] ?? []);
      }
    });
  });
});
