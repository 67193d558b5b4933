import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  directEffects,
  lastSite,
  loadOnnxModel,
  measureChanges,
  unembedRows,
} from '../../src/index.ts';
import { unpack } from '../onnx/fixtures.ts';
import type { SiteDifferences } from '../../src/index.ts';
import { golden, loadPair, worst } from './support.ts';

const [base, tuned] = await loadPair();
const last = 'blocks.1.hook_resid_post';
const { texts } = golden;

describe('unembedRows', () => {
  test("gives a model's own logits for its own last rows", async () => {
    const { logits, activations } = await tuned.run(texts, { capture: [last], logits: 'all' });
    const found = await unembedRows(tuned, activations.get(last) as Matrix);
    expect(worst(found.data, (logits as Matrix).data)).toBeLessThan(1e-5);
  });

  test.each(['gpt2', 'gemma2', 'neox'])('works on an ONNX export, %s', async (name) => {
    const model = await loadOnnxModel(unpack(name), { threads: 1 });
    const rows = [
      [5, 9, 2],
      [7, 1],
    ];
    const site = lastSite(model);
    const { logits, activations } = await model.run(rows, { capture: [site], logits: 'all' });
    const found = await unembedRows(model, activations.get(site) as Matrix);
    await model.dispose();
    expect(worst(found.data, (logits as Matrix).data)).toBeLessThan(1e-4);
  });

  test('refuses models without that site, classifiers, and rows of another width', async () => {
    const blind = { ...base, sites: base.sites.filter(({ site }) => site !== last) };
    await expect(unembedRows(blind, matrix(1, 16))).rejects.toMatchObject({ code: 'usage' });
    const classifier = { ...base, info: { ...base.info, labels: ['bad', 'good'] } };
    await expect(unembedRows(classifier, matrix(1, 16))).rejects.toMatchObject({ code: 'usage' });
    await expect(unembedRows(base, matrix(1, 15))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});

describe('directEffects', () => {
  test('of the mean difference are what PyTorch gives', async () => {
    const { sites } = await measureChanges(base, tuned, texts, { sites: [last] });
    const { baseMean, meanDifference } = sites.get(last) as SiteDifferences;
    const effects = await directEffects(tuned, baseMean, matrix(1, 16, meanDifference));
    expect(worst(effects.data, golden.sites[1].lens)).toBeLessThan(2e-5);
  });

  test('count what tuning did to the head too, with the base to read the origin', async () => {
    const origin = Float32Array.from({ length: 16 }, (_, i) => Math.cos(i));
    const none = await directEffects(tuned, origin, matrix(1, 16), { from: base });
    const logProbs = async (model: typeof base): Promise<number[]> => {
      const logits = [...(await unembedRows(model, matrix(1, 16, origin))).data];
      const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      return logits.map((logit) => logit - total);
    };
    const [before, after] = [await logProbs(base), await logProbs(tuned)];
    const expected = after.map((v, i) => v - (before[i] as number));
    expect(worst(none.data, expected)).toBeLessThan(1e-5);
    expect(Math.max(...expected)).toBeGreaterThan(0.1);
  });

  test('of no direction are exactly nothing, and each direction is on its own', async () => {
    const origin = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const directions = matrix(2, 16);
    directions.data.fill(0.5, 16, 24);
    const both = await directEffects(tuned, origin, directions);
    expect(both.data.subarray(0, 32).every((v) => v === 0)).toBe(true);
    const one = await directEffects(tuned, origin, matrix(1, 16, directions.data.slice(16)));
    expect(worst(both.data.subarray(32), one.data)).toBeLessThan(1e-6);
    expect(Math.max(...one.data)).toBeGreaterThan(0.1);
  });
});
