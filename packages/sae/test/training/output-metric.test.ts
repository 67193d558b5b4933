import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { outputMetric } from '../../src/index.ts';
import { factorMetric } from '../../src/training/factor-metric.ts';
import { SITE } from '../support/saes.ts';
import { VOCABULARY, WIDTH, createPlainModel, softmax } from '../support/plain-model.ts';

const model = createPlainModel();
const random = createRandom(6);
/** Token 0 is a special one. */
const texts: TokenRows = Array.from({ length: 60 }, (_, i) =>
  Int32Array.from({ length: 2 + (i % 9) }, () => random.integer(VOCABULARY)),
);

/** F by its definition: the mean over rows of W (diag(p) - p p^T) W^T, no sampling. */
function fisher(of: TokenRows): Float64Array {
  const { unembed } = model;
  const logits = model.logits(model.activations(of));
  const sum = new Float64Array(WIDTH * WIDTH);
  const weight = (unit: number, token: number): number =>
    unembed.data[unit * VOCABULARY + token] as number;
  of.flatMap((text) => Array.from(text)).forEach((id, r) => {
    if (id === 0) return;
    const p = softmax(row(logits, r));
    const mean = Array.from({ length: WIDTH }, (_, i) =>
      p.reduce((total, share, token) => total + share * weight(i, token), 0),
    );
    for (let i = 0; i < WIDTH; i++) {
      for (let j = 0; j < WIDTH; j++) {
        const second = p.reduce(
          (total, share, token) => total + share * weight(i, token) * weight(j, token),
          0,
        );
        sum[i * WIDTH + j] =
          (sum[i * WIDTH + j] as number) + second - (mean[i] as number) * (mean[j] as number);
      }
    }
  });
  return sum;
}

const trace = (m: ArrayLike<number>): number =>
  Array.from({ length: WIDTH }, (_, i) => m[i * WIDTH + i] as number).reduce((a, b) => a + b, 0);

const measure = (changes: Partial<Parameters<typeof outputMetric>[0]> = {}): Promise<Matrix> =>
  outputMetric({ model, texts, site: SITE, seed: 1, ...changes });

describe('the output metric', () => {
  test('is the Fisher information of the output, scaled to the trace of the identity, and a share of the identity', async () => {
    const expected = fisher(texts);
    const scale = WIDTH / trace(expected);
    // The same texts many times: what is drawn averages out.
    const many = Array.from({ length: 100 }, () => texts).flat();
    const found = await measure({ texts: many, rows: 1_000_000 });
    const largest = Math.max(...expected) * scale;
    found.data.forEach((value, at) => {
      const identity = at % (WIDTH + 1) === 0 ? 0.1 : 0;
      const exact = 0.9 * scale * (expected[at] as number) + identity;
      expect(Math.abs(value - exact)).toBeLessThan(0.03 * largest);
    });
    expect(trace(found.data)).toBeCloseTo(WIDTH, 4);
  });

  test('is symmetric and positive definite, also when measured on fewer rows than units', async () => {
    const found = await measure({ rows: 2 });
    for (let i = 0; i < WIDTH; i++) {
      for (let j = 0; j < i; j++) expect(found.data[i * WIDTH + j]).toBe(found.data[j * WIDTH + i]);
    }
    expect(factorMetric(found).every(Number.isFinite)).toBe(true);
  });

  test('is the identity where nothing else is mixed in', async () => {
    const found = await measure({ mix: 1 });
    found.data.forEach((value, at) => expect(value).toBe(at % (WIDTH + 1) === 0 ? 1 : 0));
  });

  test('is the same for the same seed, another for another', async () => {
    expect(await measure()).toEqual(await measure());
    expect(await measure({ seed: 2 })).not.toEqual(await measure());
  });

  test('reads whole texts until there are rows enough, special tokens left out, and says how far it is', async () => {
    const told: [number, number][] = [];
    await measure({ rows: 40, onRows: (done, total) => told.push([done, total]) });
    const [done, total] = told.at(-1) ?? [0, 0];
    expect(done).toBe(total);
    expect(total).toBeGreaterThanOrEqual(40);
    expect(total).toBeLessThan(40 + 10);
    const all: number[] = [];
    await measure({ onRows: (rows) => all.push(rows) });
    const plain = texts.flatMap((text) => Array.from(text)).filter((id) => id !== 0);
    expect(all.at(-1)).toBe(plain.length);
  });
});

const undifferentiable = (): LanguageModel => {
  const { gradients: _, ...rest } = model;
  return rest;
};

test.each([
  [
    'a model without gradients',
    { model: undifferentiable() },
    /plain cannot be differentiated; use/,
  ],
  ['a site that the model has not', { site: 'mlp' }, /no site mlp/],
  ['texts of special tokens alone', { texts: [[0, 0]] }, /no token to measure on/],
  ['no text', { texts: [] }, /no token to measure on/],
  ['a mix of nothing', { mix: 0 }, /mix of 0; give/],
  ['half a row', { rows: 0.5 }, /0\.5 rows/],
])('refuses %s', async (_, changes, says) => {
  await expect(measure(changes)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(says) as unknown,
  });
});

test('refuses a site that the output does not depend on', async () => {
  const deaf = { ...model, gradients: async () => new Map([[SITE, matrix(1000, WIDTH)]]) };
  await expect(measure({ model: deaf })).rejects.toMatchObject({ code: 'numbers-invalid' });
});
