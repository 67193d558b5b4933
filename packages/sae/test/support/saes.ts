import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createSae } from '../../src/index.ts';
import type { GraphSae, SaeKind } from '../../src/index.ts';

export const SITE = 'blocks.0.hook_mlp_out';

export function normalMatrix(rows: number, columns: number, seed: number, scale = 1): Matrix {
  const random = createRandom(seed);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => scale * random.normal()),
  );
}

export interface RandomSaeOptions {
  readonly architecture: SaeKind;
  readonly dIn?: number;
  readonly dSae?: number;
  readonly seed?: number;
}

/** An SAE with decoder rows of unit length, random besides. */
export function randomSae({
  architecture,
  dIn = 6,
  dSae = 10,
  seed = 1,
}: RandomSaeOptions): GraphSae {
  const wDec = normalMatrix(dSae, dIn, seed);
  for (let f = 0; f < dSae; f++) {
    const length = norm(row(wDec, f));
    row(wDec, f).forEach((v, i, values) => (values[i] = v / length));
  }
  return createSae({
    site: SITE,
    architecture,
    threads: 1,
    weights: {
      wEnc:
        architecture.kind === 'tied' ? transposed(wDec) : normalMatrix(dIn, dSae, seed + 1, 0.5),
      bEnc: normalMatrix(1, dSae, seed + 2, 0.2).data,
      wDec,
      bDec: normalMatrix(1, dIn, seed + 3, 0.2).data,
      extra: {
        threshold: normalMatrix(1, dSae, seed + 4, 0.2).data.map(Math.abs),
        bGate: normalMatrix(1, dSae, seed + 5, 0.2).data,
        rMag: normalMatrix(1, dSae, seed + 6, 0.2).data,
      },
    },
  });
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = matrix(columns, rows);
  for (let i = 0; i < data.length; i++) {
    result.data[(i % columns) * rows + Math.floor(i / columns)] = data[i] as number;
  }
  return result;
}

export const kinds: Readonly<Record<string, SaeKind>> = {
  tied: { kind: 'tied' },
  relu: { kind: 'relu' },
  topk: { kind: 'topk', k: 3 },
  gated: { kind: 'gated' },
  batchtopk: { kind: 'batchtopk', k: 3 },
  jumprelu: { kind: 'jumprelu' },
  'jumprelu, not centred': { kind: 'jumprelu', centred: false },
  matryoshka: { kind: 'matryoshka', k: 3, widths: [4, 10] },
  crosscoder: { kind: 'crosscoder', k: 3, models: 2 },
};
