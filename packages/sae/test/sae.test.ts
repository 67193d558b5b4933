import { describe, expect, test } from '@jest/globals';
import { matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { sparseAutoencoderConformance } from '@feedprint/core/testing';
import { Graph, createSession, isGraphEdit } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';
import { createSae } from '../src/index.ts';
import type { GraphSae, SaeKind } from '../src/index.ts';
import { SITE, kinds, normalMatrix, randomSae } from './support/saes.ts';

/** f64, one row: what the kinds' definitions say, in loops. */
function encodedPlainly(sae: GraphSae, x: Float32Array): number[] {
  const { architecture, weights, dIn, dSae } = sae;
  const { wEnc, bEnc, bDec, extra = {} } = weights;
  const { kind } = architecture;
  const centred = kind !== 'tied' && !('centred' in architecture && !architecture.centred);
  const at = (name: string, f: number): number => extra[name]?.[f] as number;
  const projection = Array.from({ length: dSae }, (_, f) => {
    let sum = 0;
    for (let i = 0; i < dIn; i++) {
      const unit = (x[i] as number) - (centred ? (bDec[i] as number) : 0);
      sum += unit * (wEnc.data[i * dSae + f] as number);
    }
    return sum;
  });
  const pre = projection.map((v, f) => v + (bEnc[f] as number));
  const positive = pre.map((v) => Math.max(v, 0));
  if (kind === 'tied' || kind === 'relu') return positive;
  if (kind === 'gated') {
    return projection.map((v, f) =>
      v + at('bGate', f) > 0 ? Math.max(v * Math.exp(at('rMag', f)) + (bEnc[f] as number), 0) : 0,
    );
  }
  if (kind === 'crosscoder') {
    return positive.map((v, f) => (v * lengths(sae, f) > at('threshold', f) ? v : 0));
  }
  if (kind !== 'topk') return positive.map((v, f) => (v > at('threshold', f) ? v : 0));
  const kept = pre.map((_, f) => f).sort((a, b) => (pre[b] as number) - (pre[a] as number));
  const chosen = new Set(kept.slice(0, architecture.k));
  return positive.map((v, f) => (chosen.has(f) ? v : 0));
}

/** Sum of the lengths of a crosscoder's two decoder vectors. */
function lengths({ weights, dIn }: GraphSae, feature: number): number {
  const vector = row(weights.wDec, feature);
  return norm(vector.subarray(0, dIn / 2)) + norm(vector.subarray(dIn / 2));
}

/** Runs an edit as a part of a graph over `[batch, length, width]`, as models do. */
async function spliced(edit: GraphEdit, x: Matrix): Promise<Float32Array> {
  const graph = new Graph();
  const input = graph.input('x', 'float32', ['batch', 'length', x.columns]);
  const session = await createSession(graph, { outputs: { y: edit.splice(input) }, threads: 1 });
  const { y } = await session.run({ x: { data: x.data, shape: [2, x.rows / 2, x.columns] } });
  await session.dispose();
  return y?.data as Float32Array;
}

describe.each(Object.entries(kinds))('an SAE of kind %s', (_, architecture) => {
  for (const check of sparseAutoencoderConformance(async () => randomSae({ architecture }))) {
    test(check.name, check.run);
  }

  test('has the features of its definition', async () => {
    const sae = randomSae({ architecture });
    const x = normalMatrix(40, sae.dIn, 9);
    const z = await sae.encode(x);
    for (let r = 0; r < x.rows; r++) {
      encodedPlainly(sae, row(x, r)).forEach((value, f) =>
        expect(row(z, r)[f]).toBeCloseTo(value, 5),
      );
    }
    await sae.dispose();
  });

  test('edits in a graph as it does by callback', async () => {
    const sae = randomSae({ architecture });
    const x = normalMatrix(8, sae.dIn, 9);
    for (const edit of [
      sae.ablate([]),
      sae.ablate([1, 4, 4]),
      sae.ablate([...Array(10).keys()]),
      sae.reconstruct(),
    ]) {
      if (!isGraphEdit(edit)) throw new Error('no graph edit');
      const expected = (await edit.apply(x, new Int32Array(x.rows))).data;
      (await spliced(edit, x)).forEach((value, i) =>
        expect(value).toBeCloseTo(expected[i] as number, 5),
      );
    }
    await sae.dispose();
  });

  test('gives more rows than it encodes at once', async () => {
    const sae = randomSae({ architecture, dIn: 2 });
    const x = normalMatrix(4100, 2, 3);
    const z = await sae.encode(x);
    const tail = await sae.encode(matrix(10, 2, x.data.slice(-20)));
    expect(z.data.slice(-100)).toEqual(tail.data);
    await sae.dispose();
  });
});

describe('top k', () => {
  const identical = (k: number): GraphSae =>
    createSae({
      site: SITE,
      architecture: { kind: 'topk', k },
      threads: 1,
      weights: {
        wEnc: matrix(1, 5, Float32Array.of(1, 1, 1, 1, 1)),
        bEnc: new Float32Array(5),
        wDec: matrix(5, 1, new Float32Array(5).fill(1)),
        bDec: new Float32Array(1),
      },
    });

  test('keeps k features of equal strength, not all of them', async () => {
    for (const k of [1, 3, 5]) {
      const z = await identical(k).encode(matrix(1, 1, Float32Array.of(2)));
      expect(z.data.filter((v) => v > 0).length).toBe(k);
    }
  });

  test('drops the negative among the largest', async () => {
    const z = await identical(3).encode(matrix(1, 1, Float32Array.of(-2)));
    expect([...z.data]).toEqual([0, 0, 0, 0, 0]);
  });

  test('of more features than there are is refused', () => {
    expect(() => identical(6)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

describe('weights', () => {
  const weights = randomSae({ architecture: { kind: 'relu' } }).weights;
  const make =
    (change: object, architecture: SaeKind = { kind: 'relu' }) =>
    () =>
      createSae({ site: SITE, architecture, weights: { ...weights, ...change } });

  test('that do not fit each other are refused', () => {
    for (const change of [
      { wDec: matrix(6, 10) },
      { bEnc: new Float32Array(6) },
      { bDec: new Float32Array(10) },
    ]) {
      expect(make(change)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    }
  });

  test('that are not finite are refused by name', () => {
    expect(make({ bDec: new Float32Array(6).fill(NaN) })).toThrow(
      /SAE weight bDec holds NaN at index 0/,
    );
  });
});
