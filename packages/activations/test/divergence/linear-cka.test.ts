import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createLinearCka } from '../../src/divergence/linear-cka.ts';
import { createRowDistanceMeter } from '../../src/divergence/row-distances.ts';

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly x: readonly (readonly number[])[];
    readonly y: readonly (readonly number[])[];
    readonly cka: number;
    readonly meanL2?: number;
    readonly relativeL2?: number;
    readonly meanCosine?: number;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../golden/cka.json', import.meta.url), 'utf8'),
) as Golden;

const toMatrix = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]?.length ?? 0, Float32Array.from(rows.flat()));

const cka = (x: Matrix, y: Matrix, step = x.rows): number | null => {
  const meter = createLinearCka(x.columns, y.columns);
  for (let start = 0; start < x.rows; start += step) {
    const part = (m: Matrix): Matrix => {
      const data = m.data.subarray(start * m.columns, (start + step) * m.columns);
      return matrix(data.length / m.columns, m.columns, data);
    };
    meter.add(part(x), part(y));
  }
  return meter.result();
};

const random = createRandom(3);
const normal = (rows: number, columns: number): Matrix => {
  const m = matrix(rows, columns);
  m.data.forEach((_, i) => (m.data[i] = random.normal()));
  return m;
};
/** The centred n x n Gram form, slow and obviously right. */
function slowly(x: Matrix, y: Matrix): number {
  const gram = (m: Matrix): number[][] => {
    const mean = Array.from({ length: m.columns }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < m.rows; i++) sum += row(m, i)[j] as number;
      return sum / m.rows;
    });
    const centred = Array.from({ length: m.rows }, (_, i) =>
      Array.from(row(m, i), (v, j) => v - (mean[j] as number)),
    );
    return centred.map((a) =>
      centred.map((b) => a.reduce((sum, v, j) => sum + v * (b[j] as number), 0)),
    );
  };
  const inner = (k: number[][], l: number[][]): number =>
    k.reduce((s, r, i) => s + r.reduce((t, v, j) => t + v * (l[i]?.[j] as number), 0), 0);
  const [k, l] = [gram(x), gram(y)];
  return inner(k, l) / Math.sqrt(inner(k, k) * inner(l, l));
}

/** x Q for a random rotation Q, by Givens rotations of all pairs of columns. */
function rotated(x: Matrix): Matrix {
  const result = matrix(x.rows, x.columns, x.data.slice());
  for (let a = 0; a < x.columns; a++) {
    for (let b = a + 1; b < x.columns; b++) {
      const angle = 6 * random.next();
      for (let r = 0; r < x.rows; r++) {
        const values = row(result, r);
        const [u, v] = [values[a] as number, values[b] as number];
        values[a] = u * Math.cos(angle) - v * Math.sin(angle);
        values[b] = u * Math.sin(angle) + v * Math.cos(angle);
      }
    }
  }
  return result;
}

describe('linear CKA', () => {
  test.each(cases)('equals that of NumPy by Gram matrices: $name', ({ x, y, cka: expected }) => {
    expect(cka(toMatrix(x), toMatrix(y))).toBeCloseTo(expected, 10);
    expect(cka(toMatrix(x), toMatrix(y), 3)).toBeCloseTo(expected, 10);
  });

  test('equals the Gram form for all widths, over the border of chunks', () => {
    for (const [rows, a, b] of [
      [5, 1, 1],
      [70, 2, 3],
      [129, 6, 9],
      [40, 13, 4],
    ] as const) {
      const x = normal(rows, a);
      const y = normal(rows, b);
      for (let i = 0; i < rows; i++) row(y, i)[0] = row(x, i)[0] as number;
      expect(cka(x, y)).toBeCloseTo(slowly(x, y), 10);
    }
  });

  test('is 1 under rotation, scale and shift', () => {
    const x = normal(200, 11);
    const y = rotated(x);
    y.data.forEach((v, i) => (y.data[i] = 3 * v + 5 + (i % 11)));
    expect(cka(x, y)).toBeCloseTo(1, 6);
    expect(cka(x, x)).toBeCloseTo(1, 12);
  });

  test('is near 0 for independent activations, and symmetric', () => {
    const [x, y] = [normal(3000, 6), normal(3000, 8)];
    const found = cka(x, y) as number;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(0.02);
    expect(cka(y, x)).toBeCloseTo(found, 12);
  });

  test('is not defined where one side never varies, or nothing came', () => {
    const constant = matrix(4, 2, new Float32Array(8).fill(7));
    expect(cka(constant, normal(4, 3))).toBeNull();
    expect(createLinearCka(2, 2).result()).toBeNull();
  });

  test('refuses other shapes', () => {
    const meter = createLinearCka(2, 3);
    for (const [x, y] of [
      [normal(2, 2), normal(3, 3)],
      [normal(2, 3), normal(2, 3)],
      [normal(2, 2), normal(2, 2)],
    ] as const) {
      expect(() => meter.add(x, y)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    }
  });
});

describe('distances of rows', () => {
  test.each(cases.filter((c) => c.meanL2 !== undefined))(
    'equal those of NumPy: $name',
    (golden) => {
      const meter = createRowDistanceMeter();
      const [x, y] = [toMatrix(golden.x), toMatrix(golden.y)];
      meter.add(x, y);
      meter.add(x, y);
      const found = meter.result();
      for (const key of ['meanL2', 'relativeL2', 'meanCosine'] as const) {
        expect((found?.[key] as number) / (golden[key] as number)).toBeCloseTo(1, 10);
      }
    },
  );

  test('take two rows of zeros as alike, and one as unlike any other', () => {
    const meter = createRowDistanceMeter();
    meter.add(matrix(2, 2, Float32Array.of(0, 0, 0, 0)), matrix(2, 2, Float32Array.of(0, 0, 3, 4)));
    expect(meter.result()).toEqual({ meanL2: 2.5, relativeL2: 0, meanCosine: 0.5 });
  });

  test('of no rows are none; of other shapes are refused', () => {
    const meter = createRowDistanceMeter();
    expect(meter.result()).toBeNull();
    expect(() => meter.add(matrix(1, 2), matrix(1, 3))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});
