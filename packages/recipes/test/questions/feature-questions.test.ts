import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { createRandom, matrix, row } from '@feedprint/core';
import { createSae } from '@feedprint/sae';
import { writeMatrices } from '../../src/audit/matrix-files.ts';
import { featureEffects, featureOnText } from '../../src/questions/ask-feature.ts';
import { nearestFeatures } from '../../src/questions/nearest-features.ts';
import { readProbeWeights } from '../../src/questions/probe-weights.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const random = createRandom(7);
const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.normal());

describe('nearestFeatures', () => {
  test('finds the largest cosines, whatever the lengths, and leaves out itself and what is zero', () => {
    const wDec = matrix(4, 2, Float32Array.of(1, 0, 5, 5, 0, 0, 0, 3));
    const near = (without?: number) =>
      nearestFeatures(
        Float32Array.of(2, 0),
        { weights: { wDec } as never },
        {
          ...{ top: 2 },
          ...(without !== undefined && { without }),
        },
      ).map(({ index, cosine }) => [index, Number(cosine.toFixed(6))]);
    expect(near()).toEqual([
      [0, 1],
      [1, 0.707107],
    ]);
    expect(near(0)).toEqual([
      [1, 0.707107],
      [3, 0],
    ]);
  });
});

describe('readProbeWeights', () => {
  /** A run that has the stages that are read: words are not, but for what the file has to hold. */
  async function writeRun(
    versions: number,
    columns: number,
  ): Promise<{ folder: string; x: Float32Array; y: Float32Array }> {
    const folder = await temporaryFolder();
    const stage = (name: string): string => {
      const path = join(folder, 'stages', `${name}-0123abcd`);
      mkdirSync(path, { recursive: true });
      return path;
    };
    const saes = ['a', 'b'].map((site, layer) => ({ site, layer, fingerprint: '' }));
    writeFileSync(
      join(stage('evidence'), 'source.json'),
      JSON.stringify({
        ...{ question: '', words: [], settings: { seed: 0, randomAblations: 1 }, saes, rows: '' },
      }),
    );
    const [x, y] = [numbers(versions * columns), numbers(versions)];
    writeMatrices(stage('contrast'), 'contrast.safetensors', {
      'tuned.features': matrix(versions, columns, x),
      'tuned.distance': matrix(versions, 1, y),
    });
    return { folder, x, y };
  }

  test('is the ridge solution of the normal equations on standardised columns, site by site', async () => {
    const [versions, columns] = [30, 5];
    const { folder, x, y } = await writeRun(versions, columns);
    const weights = await readProbeWeights(
      folder,
      new Map([
        ['a', 2],
        ['b', 3],
      ]),
    );
    const names = ['a/0', 'a/1', 'b/0', 'b/1', 'b/2'];
    const expected = ridge(x, y, { versions, columns, alpha: 1 });
    names.forEach((name, c) => expect(weights?.get(name)).toBeCloseTo(expected[c] as number, 5));
    expect([...(weights?.keys() ?? [])]).toEqual(names);
  });

  test('says nothing for too few versions, and where the sizes are of other dictionaries', async () => {
    expect(
      await readProbeWeights(
        (await writeRun(9, 5)).folder,
        new Map([
          ['a', 2],
          ['b', 3],
        ]),
      ),
    ).toBeUndefined();
    expect(
      await readProbeWeights((await writeRun(30, 5)).folder, new Map([['a', 2]])),
    ).toBeUndefined();
  });
});

describe('a feature of the embedded model', () => {
  const folder = fileURLToPath(new URL('../../../../packages/demo-models/base', import.meta.url));
  const WIDTH = 128;

  test('is as active in a text as its unit, and does to the next token what its vector does', async () => {
    const model = await loadModel(folder);
    const site = 'blocks.3.hook_mlp_out';
    const unit = matrix(WIDTH, WIDTH);
    for (let i = 0; i < WIDTH; i++) unit.data[i * WIDTH + i] = 1;
    const zeros = new Float32Array(WIDTH);
    const weights = { wEnc: unit, bEnc: zeros, wDec: unit, bDec: zeros };
    const sae = createSae({ site, architecture: { kind: 'relu' }, weights });
    const ids = model.tokenizer.encode('The film was wonderful');
    const { tokens, activations } = await featureOnText(model, sae, { index: 3, ids });
    const captured = (await model.run([ids], { capture: [site] })).activations.get(site);
    expect(tokens.join('')).toContain('wonderful');
    ids.forEach((_, t) => {
      const value = captured ? (row(captured, t)[3] as number) : NaN;
      expect(activations[t]).toBeCloseTo(Math.max(0, value), 5);
    });
    await expect(featureOnText(model, sae, { index: 3, ids: [] })).rejects.toMatchObject({
      code: 'texts-invalid',
    });
    const rows = [Int32Array.from(ids)];
    const effects = await featureEffects(model, sae, { index: 3, most: 5, rows });
    const sizes = effects?.promoted.map(({ effect }) => effect) ?? [];
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThan(0);
    expect(effects?.suppressed[0]?.effect).toBeLessThan(0);
    // Twice as strong does more; nothing reads what is not added to the stream.
    const twice = await featureEffects(model, sae, { index: 3, most: 10, rows });
    expect(twice?.promoted[0]?.effect).toBeGreaterThan(sizes[0] as number);
    const inside = { ...sae, site: 'blocks.3.mlp.hook_post' };
    expect(await featureEffects(model, inside, { index: 3, most: 5, rows })).toBeNull();
    await sae.dispose();
    await model.dispose();
  });
});

/** Weights of ridge regression on standardised columns with a free intercept, by Gauss-Jordan on the normal equations. */
function ridge(
  x: Float32Array,
  y: Float32Array,
  { versions, columns, alpha }: { versions: number; columns: number; alpha: number },
): number[] {
  const column = (c: number): number[] =>
    Array.from({ length: versions }, (_, r) => x[r * columns + c] as number);
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const standard = Array.from({ length: columns }, (_, c) => {
    const values = column(c);
    const centre = mean(values);
    const scale = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
    return values.map((value) => (value - centre) / scale);
  });
  const target = Array.from(y, (value) => value - mean(Array.from(y)));
  const dot = (a: number[], b: number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const rows = standard.map((a, i) => [
    ...standard.map((b, j) => dot(a, b) + (i === j ? alpha : 0)),
    dot(a, target),
  ]);
  for (let p = 0; p < columns; p++) {
    const pivot = rows[p] as number[];
    const head = pivot[p] as number;
    rows[p] = pivot.map((value) => value / head);
    rows.forEach((other, r) => {
      if (r === p) return;
      const factor = other[p] as number;
      rows[r] = other.map((value, c) => value - factor * ((rows[p] as number[])[c] as number));
    });
  }
  return rows.map((each) => each.at(-1) as number);
}
