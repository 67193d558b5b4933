import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  createLogistic,
  createMeanDifference,
  createRidge,
  probeFromJSON,
} from '../../src/index.ts';
import { hasCode } from '../golden.ts';

function normals(rows: number, columns: number, seed: number): Matrix {
  const random = createRandom(seed);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal()),
  );
}

describe('the ridge probe', () => {
  test('predicts the mean target when every column is constant', () => {
    for (const alpha of [1, 'gcv'] as const) {
      const probe = createRidge({ alpha });
      probe.fit(matrix(4, 2), [1, 2, 3, 6]);
      expect(Array.from(probe.predict(normals(3, 2, 1)))).toEqual([3, 3, 3]);
      expect(Array.from(probe.weights)).toEqual([0, 0]);
    }
  });

  test('chooses a heavy penalty for noise and a light one for a clean relation', () => {
    const x = normals(60, 10, 3);
    const random = createRandom(4);
    const noisy = createRidge({ alpha: 'gcv' });
    noisy.fit(
      x,
      Array.from({ length: 60 }, () => random.normal()),
    );
    const clean = createRidge({ alpha: 'gcv' });
    clean.fit(
      x,
      Array.from({ length: 60 }, (_, i) => x.data[i * 10] as number),
    );
    expect(clean.penalty).toBe(0.01);
    expect(noisy.penalty).toBeGreaterThan(30);
  });

  test('refuses a penalty that is not positive', () => {
    for (const alpha of [0, -1, NaN, Infinity]) {
      expect(() => createRidge({ alpha })).toThrow(hasCode('config-invalid'));
    }
  });
});

describe('the logistic probe', () => {
  test('stays finite on classes that a plane separates', () => {
    const x = normals(40, 3, 5);
    const probe = createLogistic({ l2: 1e-6 });
    const y = Array.from({ length: 40 }, (_, i) => ((x.data[i * 3] as number) > 0 ? 1 : 0));
    probe.fit(x, y);
    const logOdds = probe.predict(x);
    expect(logOdds.every(Number.isFinite)).toBe(true);
    expect(Array.from(logOdds, (value) => (value > 0 ? 1 : 0))).toEqual(y);
  });

  test('predicts the log-odds of the classes when every column is constant', () => {
    const probe = createLogistic({ l2: 1 });
    probe.fit(matrix(4, 1), [1, 1, 1, 0]);
    expect(probe.predict(matrix(1, 1))[0]).toBeCloseTo(Math.log(3), 10);
  });

  test('refuses targets other than 0 and 1', () => {
    expect(() => createLogistic({ l2: 1 }).fit(normals(3, 2, 1), [1, -1, 1])).toThrow(
      hasCode('numbers-invalid'),
    );
  });
});

describe('the mean-difference probe', () => {
  const x = matrix(4, 2, Float32Array.of(1, 5, 3, 5, -1, 5, -3, 5));

  test('predicts 1 at the positive mean and -1 at the negative mean', () => {
    const probe = createMeanDifference();
    probe.fit(x, [2, 0.5, -1, -3]);
    expect(Array.from(probe.predict(matrix(3, 2, Float32Array.of(2, 5, 0, 5, -2, 5))))).toEqual([
      1, 0, -1,
    ]);
  });

  test('takes zeros for negative beside ones, and leaves them out beside negatives', () => {
    const labels = createMeanDifference();
    labels.fit(x, [1, 1, 0, 0]);
    const values = createMeanDifference();
    values.fit(x, [1, 0, -1, 0]);
    const at = matrix(1, 2, Float32Array.of(1, 5));
    expect(labels.predict(at)[0]).toBe(0.5);
    expect(values.predict(at)[0]).toBe(1);
  });

  test('refuses targets without a positive', () => {
    expect(() => createMeanDifference().fit(x, [-1, -2, 0, -1])).toThrow(
      hasCode('numbers-invalid'),
    );
  });
});

describe('a probe from JSON', () => {
  test('keeps its settings, fitted or not', () => {
    for (const probe of [createRidge({ alpha: 'gcv' }), createLogistic({ l2: 2 })]) {
      expect(probeFromJSON(JSON.parse(JSON.stringify(probe))).toJSON()).toEqual(probe.toJSON());
    }
  });

  test('is refused when anything in it is wrong', () => {
    const probe = createRidge({ alpha: 1 });
    probe.fit(normals(5, 2, 1), [1, 2, 3, 4, 5]);
    const good = JSON.parse(JSON.stringify(probe)) as { fit: object };
    const bad: unknown[] = [
      null,
      'ridge',
      {},
      { ...good, schema: 'other' },
      { ...good, name: 'forest' },
      { ...good, settings: {} },
      { ...good, fit: { ...good.fit, weights: [1] } },
      { ...good, fit: { ...good.fit, mean: 'none' } },
      { ...good, fit: { ...good.fit, intercept: null } },
    ];
    for (const json of bad) expect(() => probeFromJSON(json)).toThrow(hasCode('run-invalid'));
  });
});
