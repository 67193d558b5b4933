import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exchangeParameters, loadModel } from '@feedprint/activations';
import { row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import type { MovedPart } from '../../../src/audit/layers/components.ts';
import { movedActivations } from '../../../src/audit/layers/moved-activations.ts';

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../../../packages/demo-models/${name}`, import.meta.url));

let base: LanguageModel;
let tuned: LanguageModel;
/** Of unequal lengths, so that batches are padded; the second begins with a special token. */
let texts: Int32Array[];

beforeAll(async () => {
  base = await loadModel(demo('base'), { threads: 1 });
  tuned = await loadModel(demo('tuned-planted'), { threads: 1 });
  const [special = 0] = base.tokenizer.specialIds;
  texts = [20, 7, 33, 12].map((length, t) =>
    Int32Array.from({ length }, (_, i) => (t === 1 && i === 0 ? special : 50 + 7 * t + 3 * i)),
  );
});
afterAll(() => Promise.all([base, tuned].map((model) => model.dispose())));

const moved = (other: LanguageModel): Promise<MovedPart[]> =>
  movedActivations(base, other, texts, { progress: () => undefined });

/** A site's activations of one model at all ordinary tokens, text by text. */
async function rowsOf(model: LanguageModel, site: string): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for (const text of texts) {
    const { activations } = await model.run([text], { capture: [site] });
    text.forEach((token, i) => {
      if (!base.tokenizer.specialIds.has(token)) rows.push(row(activations.get(site) as Matrix, i));
    });
  }
  return rows;
}

describe('how far what parts put out moved', () => {
  test('is what the captured activations say, at ordinary tokens', async () => {
    const parts = await moved(tuned);
    expect(parts.map(({ component }) => component).slice(0, 3)).toEqual([
      ...['attention', 'mlp', 'residual'],
    ]);
    expect(parts).toHaveLength(3 * base.info.layers);
    for (const { site, n, l2, relativeL2, cosine } of parts) {
      const [a, b] = [await rowsOf(base, site as string), await rowsOf(tuned, site as string)];
      const norms = a.map((x, r) => Math.hypot(...x.map((v, i) => v - (b[r]?.[i] as number))));
      const own = a.map((x) => Math.hypot(...x));
      const cosines = a.map((x, r) => {
        const y = b[r] as Float32Array;
        return (
          x.reduce((sum, v, i) => sum + v * (y[i] as number), 0) /
          Math.hypot(...x) /
          Math.hypot(...y)
        );
      });
      expect(n).toBe(71);
      expect(a).toHaveLength(n);
      const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / n;
      expect(l2).toBeCloseTo(mean(norms), 4);
      expect(relativeL2).toBeCloseTo(Math.hypot(...norms) / Math.hypot(...own), 4);
      expect(cosine).toBeCloseTo(mean(cosines), 4);
      expect(relativeL2).toBeGreaterThan(0);
    }
  });

  test('of a model whose MLP of layer 2 alone was tuned is nothing before it, and the same there as after it in the stream', async () => {
    const other = exchangeParameters(base, tuned, (name) => /\.2\.mlp\./.test(name));
    const parts = await moved(other as LanguageModel);
    const of = (layer: number, component: string): MovedPart =>
      parts.find((part) => part.layer === layer && part.component === component) as MovedPart;
    for (const layer of [0, 1]) {
      for (const part of ['attention', 'mlp', 'residual']) expect(of(layer, part).l2).toBe(0);
    }
    expect(of(2, 'attention').l2).toBe(0);
    expect(of(2, 'mlp').l2).toBeGreaterThan(0.01);
    expect(of(2, 'residual').l2).toBeCloseTo(of(2, 'mlp').l2, 4);
    expect(of(3, 'attention').l2).toBeGreaterThan(0);
    await other?.dispose();
  });

  test('of a model and itself is nothing, and sites that one lacks are left out', async () => {
    for (const { l2, relativeL2 } of await moved(base)) expect([l2, relativeL2]).toEqual([0, 0]);
    const sites = tuned.sites.filter(({ site }) => !site.endsWith('hook_attn_out'));
    const components = (await moved({ ...tuned, sites })).map(({ component }) => component);
    expect(new Set(components)).toEqual(new Set(['mlp', 'residual']));
    expect(await moved({ ...tuned, sites: [] })).toEqual([]);
  });
});
