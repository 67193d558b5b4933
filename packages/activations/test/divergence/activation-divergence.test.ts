import { describe, expect, test } from '@jest/globals';
import { row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { activationDivergence } from '../../src/index.ts';
import { createLinearCka } from '../../src/divergence/linear-cka.ts';
import { loadTiny } from '../support/load-tiny.ts';

const base = await loadTiny();
const tuned = await loadTiny({
  change: (tensors) => {
    const { data } = tensors['gpt_neox.layers.1.mlp.dense_h_to_4h.weight'] as {
      data: Float32Array;
    };
    data.forEach((v, i) => (data[i] = v + (i % 3) / 8));
  },
});
const sites = ['blocks.0.hook_mlp_out', 'blocks.1.hook_mlp_out', 'blocks.1.hook_resid_post'];
/** Texts of other lengths; 0 is the special token. */
const texts = Array.from({ length: 30 }, (_, t) =>
  Array.from({ length: 1 + ((t * 7) % 16) }, (_, i) => (i === 2 ? 0 : 1 + ((t * 5 + i * 3) % 31))),
);
const ordinary = texts.flat().filter((id) => id !== 0).length;

describe('activationDivergence', () => {
  test('of a model and itself is no distance, cosine 1 and CKA 1', async () => {
    for (const found of await activationDivergence(base, base, texts, { sites })) {
      expect(found).toMatchObject({ positions: ordinary, meanL2: 0, relativeL2: 0 });
      expect(found.meanCosine).toBeCloseTo(1, 12);
      expect(found.cka).toBeCloseTo(1, 12);
    }
  });

  test('is measured over all positions of all texts but special tokens', async () => {
    const site = 'blocks.1.hook_mlp_out';
    const rows = async (model: LanguageModel): Promise<Float32Array[]> => {
      const all = await Promise.all(
        texts.map(async (text) => {
          const { activations } = await model.run([text], { capture: [site] });
          const m = activations.get(site) as Matrix;
          return text.flatMap((id, i) => (id === 0 ? [] : [row(m, i)]));
        }),
      );
      return all.flat();
    };
    const [a, b] = [await rows(base), await rows(tuned)];
    const width = a[0]?.length as number;
    let [l2, cosine, squares, differences] = [0, 0, 0, 0];
    a.forEach((x, r) => {
      const y = b[r] as Float32Array;
      const d = Math.hypot(...x.map((v, i) => v - (y[i] as number)));
      l2 += d / a.length;
      differences += d * d;
      squares += Math.hypot(...x) ** 2;
      const product = x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
      cosine += product / (Math.hypot(...x) * Math.hypot(...y)) / a.length;
    });
    const stacked = (list: readonly Float32Array[]): Matrix => ({
      rows: list.length,
      columns: width,
      data: Float32Array.from(list.flatMap((x) => [...x])),
    });
    const cka = createLinearCka(width, width);
    cka.add(stacked(a), stacked(b));

    const [found] = await activationDivergence(base, tuned, texts, { sites: [site] });
    expect(found).toMatchObject({ site, layer: 1, positions: ordinary });
    expect(found?.meanL2).toBeCloseTo(l2, 4);
    expect(found?.relativeL2).toBeCloseTo(Math.sqrt(differences / squares), 5);
    expect(found?.meanCosine).toBeCloseTo(cosine, 5);
    expect(found?.cka).toBeCloseTo(cka.result() as number, 5);
    expect(found?.meanL2).toBeGreaterThan(0.01);
  });

  test('is found only after the change, in the order of the sites asked for', async () => {
    const found = await activationDivergence(base, tuned, texts, { sites: [...sites, ...sites] });
    expect(found.map(({ site }) => site)).toEqual(sites);
    const [before, changed, after] = found;
    expect(before?.meanL2).toBe(0);
    expect(changed?.cka).toBeLessThan(0.999);
    // The residual stream carries more than what changed.
    expect(after?.relativeL2).toBeGreaterThan(0);
    expect(after?.relativeL2).toBeLessThan(changed?.relativeL2 as number);
  });

  test('can leave other tokens out, and tells how far it is', async () => {
    const told: number[][] = [];
    const [found] = await activationDivergence(base, tuned, texts, {
      sites: sites.slice(0, 1),
      skip: new Set(),
      onProgress: (done, total) => told.push([done, total]),
    });
    expect(found?.positions).toBe(texts.flat().length);
    expect(told.at(-1)).toEqual([texts.flat().length, texts.flat().length]);
  });

  test('refuses other tokens, unknown sites, texts of nothing, and stops when it is told to', async () => {
    const prints = { fingerprint: 'other', textFingerprint: 'other' };
    const stranger = { ...tuned, tokenizer: { ...tuned.tokenizer, ...prints } };
    await expect(activationDivergence(base, stranger, texts, { sites })).rejects.toMatchObject({
      code: 'models-mismatched',
    });
    const wider = {
      ...tuned,
      sites: tuned.sites.map((info) => ({ ...info, width: info.width + 1 })),
    };
    await expect(activationDivergence(base, wider, texts, { sites })).rejects.toMatchObject({
      code: 'models-mismatched',
    });
    await expect(
      activationDivergence(base, tuned, texts, { sites: ['blocks.9.hook_mlp_out'] }),
    ).rejects.toMatchObject({ code: 'usage' });
    await expect(activationDivergence(base, tuned, [[0]], { sites })).rejects.toMatchObject({
      code: 'texts-invalid',
    });
    await expect(
      activationDivergence(base, tuned, texts, { sites, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
