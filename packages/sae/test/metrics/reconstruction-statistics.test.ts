import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, takeRows } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import fc from 'fast-check';
import { createReconstructionStatistics } from '../../src/metrics/reconstruction-statistics.ts';
import type { ReconstructionMetrics } from '../../src/metrics/reconstruction-statistics.ts';
import { normalMatrix } from '../support/saes.ts';

interface Golden extends ReconstructionMetrics {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8'),
) as { readonly rows: number; readonly width: number; readonly cases: readonly Golden[] };

function measure(x: Matrix, y: Matrix): ReconstructionMetrics {
  const statistics = createReconstructionStatistics(x.columns);
  statistics.add(x, y);
  return statistics.result();
}

const mapped = ({ rows, columns, data }: Matrix, map: (v: number, i: number) => number): Matrix =>
  matrix(
    rows,
    columns,
    data.map((v, i) => map(v, i)),
  );

/** f64 means of the columns. */
function means({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(columns);
  data.forEach((v, i) => (result[i % columns] = (result[i % columns] as number) + v / rows));
  return result;
}

/** Rows and reconstructions of whole quarters, so that sums, powers of two and whole offsets are exact in f32. */
const pairs = fc
  .record({
    rows: fc.integer({ min: 2, max: 12 }),
    columns: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer(),
  })
  .map(({ rows, columns, seed }) => {
    const random = createRandom(seed);
    const quarters = (): Matrix =>
      mapped(matrix(rows, columns), () => (random.integer(401) - 200) / 4);
    return { x: quarters(), y: quarters(), random };
  });

function expectClose(actual: ReconstructionMetrics, expected: ReconstructionMetrics): void {
  const numbers = (m: ReconstructionMetrics) => [
    m.fvu,
    m.explainedVariance,
    ...m.explainedVariancePerDimension,
    m.mse,
    m.cosine,
    m.l2Ratio,
    m.relativeReconstructionBias,
  ];
  const others = numbers(expected);
  numbers(actual).forEach((value, i) => {
    const other = others[i] as number | null;
    if (value === null || other === null) return expect(value).toBe(other);
    expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(other)));
  });
}

describe('reconstruction metrics', () => {
  test.each(golden.cases)('equal those of scikit-learn and numpy: $name', (expected) => {
    const of = (data: readonly number[]): Matrix =>
      matrix(golden.rows, golden.width, Float32Array.from(data));
    const actual = measure(of(expected.x), of(expected.y));
    for (const key of ['explainedVariance', 'mse', 'cosine', 'l2Ratio'] as const) {
      expect(actual[key]).toBeCloseTo(expected[key] as number, 11);
    }
    expect(actual.relativeReconstructionBias).toBeCloseTo(
      expected.relativeReconstructionBias as number,
      11,
    );
    actual.explainedVariancePerDimension.forEach((value, i) =>
      expect(value).toBeCloseTo(expected.explainedVariancePerDimension[i] as number, 9),
    );
  });

  test('call the rows themselves perfect, in every dimension', () => {
    fc.assert(
      fc.property(pairs, ({ x }) => {
        const metrics = measure(x, x);
        expect(metrics).toMatchObject({ fvu: 0, explainedVariance: 1, mse: 0 });
        expect(metrics.explainedVariancePerDimension).toEqual(new Array(x.columns).fill(1));
        if (metrics.cosine === null) return;
        expect([metrics.l2Ratio, metrics.relativeReconstructionBias]).toEqual([1, 1]);
        expect(metrics.cosine).toBeCloseTo(1, 14);
      }),
    );
  });

  test('give the mean row no merit, in any dimension', () => {
    fc.assert(
      fc.property(pairs, ({ x: { rows, columns, data } }) => {
        // Eight rows from each: whole eighths of quarters have means that are exact in f32.
        const x = takeRows(
          matrix(rows, columns, data),
          Array.from({ length: 8 }, (_, i) => i % rows),
        );
        const mean = means(x);
        const metrics = measure(
          x,
          mapped(x, (_, i) => mean[i % columns] as number),
        );
        metrics.explainedVariancePerDimension.forEach((value, i) => {
          const constant = x.data.every((v, at) => at % columns !== i || v === x.data[i]);
          expect(value).toBeCloseTo(constant ? 1 : 0, 12);
        });
        const varies = x.data.some((v, i) => v !== x.data[i % columns]);
        expect(metrics.explainedVariance).toBeCloseTo(varies ? 0 : 1, 12);
      }),
    );
  });

  test('do not change with the unit', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: -20, max: 20 }), ({ x, y }, power) => {
        const scaled = (m: Matrix): Matrix => mapped(m, (v) => v * 2 ** power);
        const { mse: _mse, ...metrics } = measure(scaled(x), scaled(y));
        const { mse: _before, ...before } = measure(x, y);
        expect(metrics).toEqual(before);
      }),
    );
  });

  test('do not change with the order of rows', () => {
    fc.assert(
      fc.property(pairs, ({ x, y, random }) => {
        const order = random.shuffle(Array.from({ length: x.rows }, (_, i) => i));
        expectClose(measure(takeRows(x, order), takeRows(y, order)), measure(x, y));
      }),
    );
  });

  test('do not change by a bit with the sizes of batches', () => {
    fc.assert(
      fc.property(pairs, ({ x, y, random }) => {
        const statistics = createReconstructionStatistics(x.columns);
        for (let start = 0; start < x.rows;) {
          const end = Math.min(x.rows, start + 1 + random.integer(4));
          const rows = Array.from({ length: end - start }, (_, i) => start + i);
          statistics.add(takeRows(x, rows), takeRows(y, rows));
          start = end;
        }
        expect(statistics.result()).toEqual(measure(x, y));
      }),
    );
  });

  test('do not see an offset of both, and charge for one of the reconstruction alone', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 10_000 }), ({ x, y }, offset) => {
        const moved = (m: Matrix): Matrix => mapped(m, (v) => v + offset);
        const [before, after] = [measure(x, y), measure(moved(x), moved(y))];
        expect(after.mse).toBeCloseTo(before.mse, 12);
        expect(after.explainedVariance).toBeCloseTo(before.explainedVariance, 9);
        const alone = measure(x, moved(x));
        expect(alone.mse).toBe(offset ** 2 * x.columns);
        if (before.fvu > 0) expect(alone.fvu).toBeGreaterThan(0);
      }),
    );
  });

  test('tell what the formula about zero hides: 0.80 that it calls 0.98 at a mean of 3', () => {
    const x = normalMatrix(4000, 3, 5);
    const noise = normalMatrix(4000, 3, 6, Math.sqrt(0.2));
    const explained = (offset: number): { legacy: number; correct: number } => {
      const moved = mapped(x, (v) => v + offset);
      const y = mapped(moved, (v, i) => v + (noise.data[i] as number));
      const { mse, explainedVariance } = measure(moved, y);
      const square = moved.data.reduce((sum, v) => sum + v * v, 0) / moved.rows;
      return { legacy: 1 - mse / square, correct: explainedVariance };
    };
    expect(explained(0).legacy).toBeCloseTo(0.8, 1);
    expect(explained(3).legacy).toBeCloseTo(0.98, 2);
    for (const offset of [0, 0.5, 1, 3]) expect(explained(offset).correct).toBeCloseTo(0.8, 1);
  });

  test('keep their digits where the mean is 10,000 times the standard deviation', () => {
    const x = mapped(normalMatrix(5000, 2, 9), (v) => v + 1e4);
    const mean = means(x);
    const variance = x.data.reduce((sum, v, i) => sum + (v - (mean[i % 2] as number)) ** 2, 0);
    const y = mapped(x, (v, i) => v + ((i % 3) - 1) / 4);
    const error = x.data.reduce((sum, v, i) => sum + (v - (y.data[i] as number)) ** 2, 0);
    expect(measure(x, y).fvu).toBeCloseTo(error / variance, 10);
  });

  test('leave zero rows out of cosine and ratio, and count a reconstruction of nothing as 0', () => {
    const x = matrix(3, 2, Float32Array.of(3, 4, 0, 0, 1, 0));
    const y = matrix(3, 2, Float32Array.of(6, 8, 5, 5, 0, 0));
    const { cosine, l2Ratio, relativeReconstructionBias } = measure(x, y);
    expect([cosine, l2Ratio]).toEqual([0.5, 1]);
    expect(relativeReconstructionBias).toBe(150 / 50);
    const nothing = measure(matrix(2, 2), matrix(2, 2));
    expect(nothing).toMatchObject({ cosine: null, l2Ratio: null, fvu: 0 });
    expect(nothing.relativeReconstructionBias).toBe(null);
  });

  test('refuse numbers that are not finite, and no rows', () => {
    const good = matrix(1, 2, Float32Array.of(1, 2));
    for (const bad of [NaN, Infinity]) {
      const rows = matrix(1, 2, Float32Array.of(1, bad));
      const invalid = expect.objectContaining({ code: 'numbers-invalid' });
      expect(() => measure(rows, good)).toThrow(invalid);
      expect(() => measure(good, rows)).toThrow(invalid);
    }
    expect(() => measure(matrix(0, 2), matrix(0, 2))).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});
