import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ActivationStore, Matrix, SparseAutoencoder } from '@feedprint/core';
import { createSae, evaluateSae } from '../../src/index.ts';
import { mappingSae } from '../support/plain-sae.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';

const x = normalMatrix(60, 4, 3, 2);

/** A store of one site that notes how many rows were read at once. */
function storeOf(rows: Matrix): ActivationStore & { readonly reads: number[] } {
  const reads: number[] = [];
  const none = new Int32Array(rows.rows);
  return {
    reads,
    sites: [SITE],
    rows: rows.rows,
    provenance: { text: none, position: none, token: none },
    width: () => rows.columns,
    read: (_site, start, end) => {
      reads.push(end - start);
      const data = rows.data.slice(start * rows.columns, end * rows.columns);
      return Promise.resolve(matrix(end - start, rows.columns, data));
    },
    scale: () => Promise.reject(new Error('not asked for')),
  };
}

describe('evaluateSae', () => {
  test('counts active features per row, per feature and over all rows', async () => {
    // Feature 0 fires on positive, 1 on negative numbers, 2 never.
    const sae = createSae({
      site: SITE,
      architecture: { kind: 'relu' },
      threads: 1,
      weights: {
        wEnc: matrix(1, 3, Float32Array.of(1, -1, 0)),
        bEnc: Float32Array.of(0, 0, -1),
        wDec: matrix(3, 1, Float32Array.of(1, -1, 1)),
        bDec: Float32Array.of(0),
      },
    });
    const metrics = await evaluateSae(sae, matrix(4, 1, Float32Array.of(2, 1, -3, 0)));
    expect(metrics).toMatchObject({
      rows: 4,
      l0: 0.75,
      l1: 1.5,
      fvu: 0,
      explainedVariance: 1,
      explainedVariancePerDimension: [1],
      mse: 0,
      cosine: 1,
      l2Ratio: 1,
      relativeReconstructionBias: 1,
      dead: 1,
      density: Float32Array.of(0.5, 0.25, 0),
    });
    expect(metrics.alive).toBeCloseTo(2 / 3, 12);
  });

  test('sorts live features into quarters of decades by density', async () => {
    const active = [100, 99, 10, 1, 1, 0];
    const z = matrix(100, 6);
    active.forEach((times, f) => {
      for (let r = 0; r < times; r++) z.data[r * 6 + f] = 1;
    });
    const { densityHistogram, dead } = await evaluateSae(
      mappingSae(6, (r) => r),
      z,
    );
    const { edges, counts } = densityHistogram;
    const binOf = (log: number): number => edges.findIndex((edge) => edge > log) - 1;
    expect(dead).toBe(1);
    expect(edges.length).toBe(counts.length + 1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect([counts.at(-1), counts[binOf(-1)], counts[binOf(-2)]]).toEqual([2, 1, 2]);
  });

  test('gives the same for any size of batches, from a matrix and from a store', async () => {
    const sae = mappingSae(4, (r) => r.map((v) => Math.fround(v * 0.75)));
    const whole = await evaluateSae(sae, x);
    for (const batchRows of [1, 7, 59, 60, 1000]) {
      expect(await evaluateSae(sae, x, { batchRows })).toEqual(whole);
      const store = storeOf(x);
      expect(await evaluateSae(sae, { store }, { batchRows })).toEqual(whole);
      expect(Math.max(...store.reads)).toBe(Math.min(batchRows, 60));
    }
    const part = matrix(20, 4, x.data.slice(5 * 4, 25 * 4));
    expect(await evaluateSae(sae, { store: storeOf(x), start: 5, end: 25 })).toEqual(
      await evaluateSae(sae, part),
    );
  });

  test.each(Object.values(kinds))('does not depend on the batches: $kind', async (architecture) => {
    const sae = randomSae({ architecture, dIn: 4 });
    const whole = await evaluateSae(sae, x);
    const batched = await evaluateSae(sae, x, { batchRows: 7 });
    expect(batched.l0).toBeCloseTo(whole.l0, 6);
    expect(batched.fvu).toBeCloseTo(whole.fvu, 6);
    await sae.dispose();
  });

  test.each([{ kind: 'relu' }, { kind: 'topk', k: 2 }] as const)(
    'does not see an offset that input and decoder bias share: $kind',
    async (architecture) => {
      const sae = randomSae({ architecture, dIn: 4 });
      const whole = await evaluateSae(sae, x);
      const moved = createSae({
        site: SITE,
        architecture,
        weights: { ...sae.weights, bDec: sae.weights.bDec.map((v) => v + 8) },
      });
      const there = await evaluateSae(moved, { ...x, data: x.data.map((v) => v + 8) });
      expect(there.l0).toBeCloseTo(whole.l0, 6);
      expect(there.fvu).toBeCloseTo(whole.fvu, 5);
      await Promise.all([sae.dispose(), moved.dispose()]);
    },
  );

  test('does not change when a reconstruction and its rows change their unit', async () => {
    const sae: SparseAutoencoder = mappingSae(4, (r) => r.map((v) => v / 2 + (v > 0 ? 0 : 1 / 4)));
    const scaled: SparseAutoencoder = mappingSae(4, (r) => r.map((v) => v / 2 + (v > 0 ? 0 : 16)));
    const before = await evaluateSae(sae, x);
    const after = await evaluateSae(scaled, { ...x, data: x.data.map((v) => v * 64) });
    for (const key of ['fvu', 'explainedVariance', 'cosine', 'l0', 'l2Ratio'] as const) {
      expect(after[key]).toBeCloseTo(before[key] as number, 6);
    }
  });

  test('never holds the features of more rows than a batch', async () => {
    const rows: number[] = [];
    const plain = mappingSae(4, (r) => r);
    const sae: SparseAutoencoder = {
      ...plain,
      dSae: 1 << 20,
      encode: (part) => {
        rows.push(part.rows);
        return Promise.resolve(matrix(part.rows, 1 << 20));
      },
      decode: (z) => Promise.resolve(matrix(z.rows, 4)),
    };
    const metrics = await evaluateSae(sae, x);
    expect(metrics).toMatchObject({ rows: 60, l0: 0, dead: 1 << 20, alive: 0, l2Ratio: 0 });
    expect(Math.max(...rows)).toBe(16);
  });

  test('refuses what it cannot evaluate', async () => {
    const sae = mappingSae(4, (r) => r);
    const code = (value: string) => expect.objectContaining({ code: value });
    await expect(evaluateSae(sae, matrix(0, 4))).rejects.toThrow(code('usage'));
    await expect(evaluateSae(sae, matrix(2, 3))).rejects.toThrow(code('shape-mismatch'));
    await expect(evaluateSae(sae, x, { batchRows: 0 })).rejects.toThrow(code('usage'));
    const store = storeOf(x);
    for (const range of [
      { start: 3, end: 3 },
      { start: -1 },
      { start: 5, end: 2 },
      { end: 61 },
      { start: 0.5 },
    ]) {
      await expect(evaluateSae(sae, { store, ...range })).rejects.toThrow(code('usage'));
    }
    const broken = { ...x, data: x.data.map((v, i) => (i === 9 ? NaN : v)) };
    await expect(evaluateSae(sae, broken)).rejects.toThrow(code('numbers-invalid'));
  });
});
