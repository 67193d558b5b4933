import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { InModelMetrics, Matrix, Recovered, TokenRows } from '@feedprint/core';
import { evaluateInModel } from '../../src/index.ts';
import { VOCABULARY, WIDTH, createPlainModel } from '../support/plain-model.ts';
import { mappingSae } from '../support/plain-sae.ts';

const model = createPlainModel();

/** Texts that go on as the model expects, so that what the site says is worth something. */
const random = createRandom(4);
const texts: TokenRows = [6, 1, 11, 3, 2, 9].map((length) => {
  const text = [random.integer(VOCABULARY)];
  while (text.length < length) {
    const last = model.logits(model.activations([text])).data.slice(-VOCABULARY);
    text.push(last.indexOf(Math.max(...last)));
  }
  return text;
});
const predicted = texts.reduce((sum, { length }) => sum + length - 1, 0);

const siteMean = (rows: TokenRows): Float32Array => {
  const { data, rows: n } = model.activations(rows);
  return Float32Array.from({ length: WIDTH }, (_, d) =>
    data.reduce((sum, v, i) => (i % WIDTH === d ? sum + v / n : sum), 0),
  );
};
const valueOf = (share: Recovered): number => share.value ?? NaN;
const perfect = mappingSae(WIDTH, (x) => x);
const nothing = mappingSae(WIDTH, () => new Float32Array(WIDTH));
const rough = mappingSae(WIDTH, (x) => x.map((v) => Math.round(v)));

/** By definition: plain log-softmax over each position. */
function losses(clean: Matrix, changed: Matrix) {
  const logProbs = ({ data }: Matrix, position: number): number[] => {
    const row = Array.from(data.slice(position * VOCABULARY, (position + 1) * VOCABULARY));
    const total = Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0));
    return row.map((v) => v - total);
  };
  let [at, crossEntropy, kl] = [0, 0, 0];
  for (const text of texts) {
    for (let i = 0; i + 1 < text.length; i++) {
      const [p, q] = [logProbs(clean, at + i), logProbs(changed, at + i)];
      crossEntropy -= q[text[i + 1] as number] as number;
      p.forEach((v, w) => (kl += Math.exp(v) * (v - (q[w] as number))));
    }
    at += text.length;
  }
  return { crossEntropy: crossEntropy / predicted, kl: kl / predicted };
}

describe('evaluateInModel', () => {
  test('measures what its definitions say', async () => {
    const metrics = await evaluateInModel(model, rough, texts);
    const x = model.activations(texts);
    const clean = model.logits(x);
    const mean = siteMean(texts);
    const changed = (map: (v: number, unit: number) => number) =>
      losses(clean, model.logits({ ...x, data: x.data.map((v, i) => map(v, i % WIDTH)) }));
    const [r, z, m] = [
      changed(Math.round),
      changed(() => 0),
      changed((_, unit) => mean[unit] as number),
    ];
    const c = losses(clean, clean).crossEntropy;
    const expectations: [number, number][] = [
      [metrics.crossEntropy.clean, c],
      [metrics.crossEntropy.reconstructed, r.crossEntropy],
      [metrics.crossEntropy.zero, z.crossEntropy],
      [metrics.crossEntropy.mean, m.crossEntropy],
      [metrics.kl.reconstructed, r.kl],
      [metrics.kl.zero, z.kl],
      [metrics.kl.mean, m.kl],
      [
        valueOf(metrics.crossEntropyRecovered.zero),
        (z.crossEntropy - r.crossEntropy) / (z.crossEntropy - c),
      ],
      [
        valueOf(metrics.crossEntropyRecovered.mean),
        (m.crossEntropy - r.crossEntropy) / (m.crossEntropy - c),
      ],
      [valueOf(metrics.klRecovered.zero), 1 - r.kl / z.kl],
      [valueOf(metrics.klRecovered.mean), 1 - r.kl / m.kl],
    ];
    for (const [actual, expected] of expectations) expect(actual).toBeCloseTo(expected, 9);
    expect(metrics).toMatchObject({ site: rough.site, tokens: predicted });
  });

  test('gives a perfect reconstruction exactly everything', async () => {
    const { crossEntropyRecovered, klRecovered, crossEntropy, kl } = await evaluateInModel(
      model,
      perfect,
      texts,
    );
    expect(crossEntropy.reconstructed).toBe(crossEntropy.clean);
    expect(kl.reconstructed).toBe(0);
    expect([klRecovered.zero, klRecovered.mean]).toEqual([{ value: 1 }, { value: 1 }]);
    expect(crossEntropyRecovered).toEqual({ zero: { value: 1 }, mean: { value: 1 } });
  });

  test('gives a reconstruction of zeros, or of the mean, nothing against that ablation', async () => {
    const zeros = await evaluateInModel(model, nothing, texts);
    expect(zeros.klRecovered.zero).toEqual({ value: 0 });
    expect(zeros.crossEntropyRecovered.zero).toEqual({ value: 0 });
    expect(zeros.crossEntropy.reconstructed).toBe(zeros.crossEntropy.zero);
    const mean = siteMean(texts);
    const means = await evaluateInModel(
      model,
      mappingSae(WIDTH, () => mean),
      texts,
    );
    expect(means.klRecovered.mean.value).toBeCloseTo(0, 9);
    expect(means.crossEntropy.reconstructed).toBeCloseTo(means.crossEntropy.mean, 9);
    const given = Float32Array.of(1, 2, 3, 4, 5);
    const other = await evaluateInModel(
      model,
      mappingSae(WIDTH, () => given),
      texts,
      { mean: given },
    );
    expect(other.klRecovered.mean).toEqual({ value: 0 });
  });

  test('does not depend on the batches, which keep to their size', async () => {
    const numbers = ({ crossEntropy, kl, klRecovered }: InModelMetrics): number[] => [
      ...Object.values(crossEntropy),
      ...Object.values(kl),
      valueOf(klRecovered.zero),
      valueOf(klRecovered.mean),
    ];
    const whole = numbers(await evaluateInModel(model, rough, texts));
    for (const batch of [1, 12, 30]) {
      const watched = createPlainModel();
      const parts = numbers(await evaluateInModel(watched, rough, texts, { batch }));
      parts.forEach((value, i) => expect(value).toBeCloseTo(whole[i] as number, 12));
      expect(Math.max(...watched.passes)).toBeLessThanOrEqual(Math.max(batch, 11));
    }
  });

  test('says why where an ablation costs too little', async () => {
    const deaf = await evaluateInModel(createPlainModel(0.001), rough, texts);
    for (const share of [
      ...Object.values(deaf.crossEntropyRecovered),
      ...Object.values(deaf.klRecovered),
    ]) {
      expect(share).toMatchObject({ value: null, reason: expect.stringContaining('0.01') });
    }
  });

  test('refuses texts, sites, widths and numbers that it cannot measure', async () => {
    const code = (value: string) => expect.objectContaining({ code: value });
    await expect(evaluateInModel(model, rough, [[1], [2]])).rejects.toThrow(code('usage'));
    await expect(evaluateInModel(model, rough, [])).rejects.toThrow(code('usage'));
    const elsewhere = mappingSae(WIDTH, (x) => x, 'blocks.7.hook_mlp_out');
    await expect(evaluateInModel(model, elsewhere, texts)).rejects.toThrow(code('usage'));
    const wide = mappingSae(WIDTH + 1, (x) => x);
    await expect(evaluateInModel(model, wide, texts)).rejects.toThrow(code('shape-mismatch'));
    const mean = new Float32Array(WIDTH - 1);
    await expect(evaluateInModel(model, rough, texts, { mean })).rejects.toThrow(
      code('shape-mismatch'),
    );
    const broken = mappingSae(WIDTH, (x) => x.map(() => NaN));
    await expect(evaluateInModel(model, broken, texts)).rejects.toThrow(code('numbers-invalid'));
  });
});
