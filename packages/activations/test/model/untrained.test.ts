import { describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { golden, goldenNames, writeGoldenCheckpoint } from '../architectures/golden-checkpoint.ts';
import { demoModel } from '../support/models.ts';

const folder = demoModel('base');

async function withModel<T>(
  options: Parameters<typeof loadModel>[1],
  use: (model: LanguageModel) => T | Promise<T>,
  at = folder,
): Promise<T> {
  const model = await loadModel(at, { threads: 1, ...options });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

const weights = (model: LanguageModel): Map<string, Float32Array> =>
  new Map([...model.parameters()].map(({ name, data }) => [name, data]));

function moments(data: Float32Array): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const square = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(square) };
}

const isNorm = (name: string): boolean => /norm|ln_/.test(name);

describe('an untrained model', () => {
  test('has weights of the same mean and spread that are none of the trained ones', async () => {
    const trained = await withModel({}, weights);
    const drawn = await withModel({ untrained: { seed: 1 } }, weights);
    expect([...drawn.keys()]).toEqual([...trained.keys()]);
    let compared = 0;
    for (const [name, data] of trained) {
      const other = drawn.get(name) as Float32Array;
      if (isNorm(name)) {
        expect(other).toEqual(data);
        continue;
      }
      const [a, b] = [moments(data), moments(other)];
      // Four standard errors of a mean and of a standard deviation.
      const error = a.deviation / Math.sqrt(data.length);
      expect(Math.abs(b.mean - a.mean)).toBeLessThanOrEqual(4 * error);
      expect(Math.abs(b.deviation - a.deviation)).toBeLessThanOrEqual(4 * error);
      const shared = data.filter((value, i) => a.deviation > 0 && value === other[i]).length;
      expect(shared).toBeLessThanOrEqual(0.001 * data.length);
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
  });

  test('is the same for the same seed, another for another, and says that it is not the trained one', async () => {
    const at = writeGoldenCheckpoint(golden('gpt_neox'));
    const look = (untrained?: { seed: number }) =>
      withModel(
        untrained ? { untrained } : {},
        async (model) => {
          const { logits } = await model.run([[5, 9, 12]], { logits: 'last' });
          return { name: model.name, fingerprint: model.fingerprint, logits: logits?.data };
        },
        at,
      );
    const [trained, first] = [await look(), await look({ seed: 1 })];
    expect(await look({ seed: 1 })).toEqual(first);
    const other = await look({ seed: 2 });
    expect(other.logits).not.toEqual(first.logits);
    expect(new Set([trained, first, other].map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(first.name).toBe(`${trained.name}, untrained`);
    expect(first.logits?.every(Number.isFinite)).toBe(true);
  });

  test('predicts texts no better than chance', async () => {
    const loss = (untrained?: { seed: number }) =>
      withModel(untrained ? { untrained } : {}, async (model) => {
        const text = model.tokenizer.encode('The film was good and the story was nice', {});
        const { tokenLogProbs } = await model.run([text], { tokenLogProbs: true });
        return -(tokenLogProbs?.reduce((sum, value) => sum + value, 0) ?? NaN) / text.length;
      });
    expect(await loss({ seed: 1 })).toBeGreaterThan(1.5 * (await loss()));
  });

  test.each(goldenNames)('keeps the normalisations of %s and redraws all else', async (name) => {
    const at = writeGoldenCheckpoint(golden(name));
    const trained = await withModel({}, weights, at);
    const drawn = await withModel({ untrained: { seed: 3 } }, weights, at);
    for (const [tensor, data] of trained) {
      const same = data.every((value, i) => value === drawn.get(tensor)?.[i]);
      const constant = data.every((value) => value === data[0]);
      expect([tensor, same]).toEqual([tensor, isNorm(tensor) || constant]);
    }
  });
});
