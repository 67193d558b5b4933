import { afterAll, describe, expect, test } from '@jest/globals';
import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix, SaeWeights } from '@feedprint/core';
import { transpose } from '../../src/formats/checked-tensors.ts';
import { readSae } from '../../src/formats/read-sae.ts';
import { checkOrientation } from '../../src/formats/orientation.ts';
import { createSaeLensFormat } from '../../src/formats/saelens.ts';
import { createSae } from '../../src/sae.ts';
import type { GraphSae, SaeKind } from '../../src/index.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { createWorkspace } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

const WIDTH = 32;

/** A decoder of unit rows, and an encoder near its transpose. */
function trained(kind: SaeKind = { kind: 'relu' }): SaeWeights {
  const wDec = normalMatrix(WIDTH, WIDTH, 1);
  for (let f = 0; f < WIDTH; f++) {
    const length = norm(row(wDec, f));
    row(wDec, f).forEach((v, i, values) => (values[i] = v / length));
  }
  const noise = normalMatrix(WIDTH, WIDTH, 2, 0.02).data;
  const near = transpose(wDec).data.map((v, i) => v + (noise[i] as number));
  return {
    wEnc: kind.kind === 'tied' ? transpose(wDec) : matrix(WIDTH, WIDTH, near),
    bEnc: new Float32Array(WIDTH).fill(-0.3),
    wDec,
    bDec: normalMatrix(1, WIDTH, 3, 0.1).data,
  };
}

const make = (weights: SaeWeights, architecture: SaeKind = { kind: 'relu' }): GraphSae =>
  createSae({ site: SITE, architecture, weights, threads: 1 });

/** Rows of a few of the features each. */
function rowsOf({ wDec, bDec }: SaeWeights): Matrix {
  const random = createRandom(4);
  const rows = matrix(200, WIDTH);
  for (let r = 0; r < rows.rows; r++) {
    row(rows, r).set(bDec);
    for (let i = 0; i < 2; i++) {
      const direction = row(wDec, random.integer(WIDTH));
      row(rows, r).forEach((v, j, values) => (values[j] = v + 3 * (direction[j] as number)));
    }
  }
  return rows;
}

const turn = (weights: SaeWeights, which: 'encoder' | 'decoder' | 'both'): SaeWeights => ({
  ...weights,
  wEnc: which === 'decoder' ? weights.wEnc : transpose(weights.wEnc),
  wDec: which === 'encoder' ? weights.wDec : transpose(weights.wDec),
});

describe.each(['encoder', 'decoder', 'both'] as const)('a square SAE, transposed: %s', (which) => {
  test.each<SaeKind>([{ kind: 'relu' }, { kind: 'tied' }, { kind: 'topk', k: 4 }])(
    'shows in what it reconstructs: $kind',
    async (kind) => {
      const weights = trained(kind);
      const check = await checkOrientation(make(turn(weights, which), kind), rowsOf(weights));
      expect(check).toMatchObject({ by: 'rows', transposed: which });
      const [loaded, other] = [...check.evidence.matchAll(/FVU (\d+\.\d+)/g)].map(([, v]) =>
        Number(v),
      ) as [number, number];
      expect(loaded).toBeGreaterThan(0.8);
      expect(other).toBeLessThan(0.7 * loaded);
    },
  );

  test('shows in the weights alone', async () => {
    expect(await checkOrientation(make(turn(trained(), which)))).toMatchObject({
      by: 'weights',
      transposed: which,
    });
  });

  test('is refused by readSae, which says by how much', async () => {
    const weights = trained();
    const folder = workspace.path('square');
    await createSaeLensFormat().save(make(turn(weights, which)), folder);
    const withRows = readSae(folder, { sample: rowsOf(weights), threads: 1 });
    await expect(withRows).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    await expect(withRows).rejects.toThrow(
      /transposed: as loaded FVU \d+\.\d+, with .* FVU 0\.\d+/,
    );
    const alone = readSae(folder, { threads: 1 });
    await expect(alone).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    await expect(alone).rejects.toThrow(/passing activations as sample settles it/);
  });
});

describe('an SAE the right way round', () => {
  test('passes, with rows and without, also scaled', async () => {
    const weights = trained();
    expect(await checkOrientation(make(weights), rowsOf(weights))).toMatchObject({
      by: 'rows',
      transposed: null,
    });
    const { wEnc, wDec } = weights;
    const scaled = {
      ...weights,
      wEnc: matrix(
        WIDTH,
        WIDTH,
        wEnc.data.map((v) => v * 7),
      ),
      wDec: matrix(
        WIDTH,
        WIDTH,
        wDec.data.map((v) => v / 7),
      ),
    };
    expect((await checkOrientation(make(scaled))).transposed).toBeNull();
  });

  test('passes where shapes have told', async () => {
    const weights = {
      wEnc: normalMatrix(4, 6, 1),
      bEnc: new Float32Array(6),
      wDec: normalMatrix(6, 4, 2),
      bDec: new Float32Array(4),
    };
    expect(await checkOrientation(make(weights))).toMatchObject({ by: 'shapes', transposed: null });
  });

  test.each([4, 6, 16, 64])(
    'passes with unrelated random weights of width %i, which say nothing',
    async (width) => {
      for (let seed = 0; seed < 40; seed++) {
        const weights = {
          wEnc: normalMatrix(width, width, 1000 * width + 2 * seed),
          bEnc: new Float32Array(width),
          wDec: normalMatrix(width, width, 1000 * width + 2 * seed + 1),
          bDec: new Float32Array(width),
        };
        expect((await checkOrientation(make(weights))).transposed).toBeNull();
      }
    },
  );

  test('passes where both ways are the same', async () => {
    const weights = trained();
    const identity = matrix(WIDTH, WIDTH);
    for (let i = 0; i < WIDTH; i++) identity.data[i * WIDTH + i] = 1;
    const symmetric = { ...weights, wEnc: identity, wDec: identity };
    expect((await checkOrientation(make(symmetric), rowsOf(weights))).transposed).toBeNull();
  });
});
