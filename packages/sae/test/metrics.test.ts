import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createSae, evaluateSae } from '../src/index.ts';
import type { GraphSae } from '../src/index.ts';
import { errors } from '../src/metrics.ts';
import { SITE, normalMatrix, randomSae } from './support/saes.ts';

const x = normalMatrix(60, 4, 3, 2);
const fvu = (actual: Matrix, reconstruction: Matrix): number => {
  const { squaredError, variance } = errors(actual, reconstruction);
  return squaredError / variance;
};
const mapped = ({ rows, columns, data }: Matrix, map: (v: number, i: number) => number): Matrix =>
  matrix(
    rows,
    columns,
    data.map((v, i) => map(v, i)),
  );

/** Mean of each column. */
const means = Array.from({ length: x.columns }, (_, c) =>
  x.data.reduce((sum, v, i) => (i % x.columns === c ? sum + v / x.rows : sum), 0),
);
const noise = normalMatrix(60, 4, 8, 0.5);
const guess = mapped(x, (v, i) => v + (noise.data[i] as number));

describe('the fraction of variance unexplained', () => {
  test('is 1 for the mean row and 0 for the rows themselves', () => {
    expect(
      fvu(
        x,
        mapped(x, (_, i) => means[i % 4] as number),
      ),
    ).toBeCloseTo(1, 6);
    expect(fvu(x, x)).toBe(0);
  });

  test('is what its definition says', () => {
    let [error, variance] = [0, 0];
    x.data.forEach((v, i) => {
      error += (v - (guess.data[i] as number)) ** 2;
      variance += (v - (means[i % 4] as number)) ** 2;
    });
    expect(fvu(x, guess)).toBeCloseTo(error / variance, 12);
  });

  test('does not depend on the unit of the activations', () => {
    const times = (m: Matrix): Matrix => mapped(m, (v) => v * 64);
    expect(fvu(times(x), times(guess))).toBeCloseTo(fvu(x, guess), 12);
  });

  test('counts a constant offset of the reconstruction', () => {
    const offset = fvu(
      x,
      mapped(x, (v) => v + 1),
    );
    expect(offset).toBeCloseTo((x.rows * x.columns) / errors(x, x).variance, 5);
  });

  test('does not change with an offset of both', () => {
    const moved = (m: Matrix): Matrix => mapped(m, (v) => v + 16);
    expect(fvu(moved(x), moved(guess))).toBeCloseTo(fvu(x, guess), 5);
  });
});

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
    expect(metrics).toEqual({
      rows: 4,
      l0: 0.75,
      fvu: 0,
      mse: 0,
      alive: expect.closeTo(2 / 3, 12),
      density: Float32Array.of(0.5, 0.25, 0),
    });
  });

  test('gives rows together what their parts give, weighted', async () => {
    const sae: GraphSae = randomSae({ architecture: { kind: 'topk', k: 2 }, dIn: 4 });
    const whole = await evaluateSae(sae, x);
    const cut = 17 * x.columns;
    const parts = [
      await evaluateSae(sae, matrix(17, 4, x.data.slice(0, cut))),
      await evaluateSae(sae, matrix(43, 4, x.data.slice(cut))),
    ];
    for (const key of ['mse', 'l0'] as const) {
      const joined = parts.reduce((sum, part) => sum + (part[key] * part.rows) / 60, 0);
      expect(whole[key]).toBeCloseTo(joined, 6);
    }
    whole.density.forEach((d, f) =>
      expect(d).toBeCloseTo(
        parts.reduce((sum, p) => sum + ((p.density[f] as number) * p.rows) / 60, 0),
        6,
      ),
    );
  });

  test('calls constant rows unexplained unless they are met exactly', async () => {
    const constant = (bDec: number): GraphSae =>
      createSae({
        site: SITE,
        architecture: { kind: 'tied' },
        threads: 1,
        weights: {
          wEnc: matrix(1, 1),
          bEnc: new Float32Array(1),
          wDec: matrix(1, 1),
          bDec: Float32Array.of(bDec),
        },
      });
    const rows = matrix(3, 1, Float32Array.of(2, 2, 2));
    expect((await evaluateSae(constant(2), rows)).fvu).toBe(0);
    expect((await evaluateSae(constant(1), rows)).fvu).toBe(1);
  });
});
