import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import { createLogistic } from '../../src/probes/logistic.ts';
import { gcvGrid, gcvScores } from '../../src/probes/gcv.ts';
import { createRidge } from '../../src/probes/ridge.ts';
import { columnScaling, standardise } from '../../src/probes/standardise.ts';
import { expectAllClose, expectClose, expectRelative, readGolden } from '../golden.ts';

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly x: number[];
  readonly y: number[];
  readonly labels: number[];
  readonly ridge: {
    readonly alpha: number;
    readonly weights: number[];
    readonly intercept: number;
    readonly predictions: number[];
  }[];
  readonly gcv: {
    readonly alphas: number[];
    readonly scores: number[];
    readonly alpha: number;
  };
  readonly logistic: {
    readonly l2: number;
    readonly weights: number[];
    readonly intercept: number;
    readonly logOdds: number[];
  }[];
}

const { cases } = readGolden<{ cases: Case[] }>('probes.json');

describe.each(cases)('on $rows rows of $columns columns', (golden) => {
  const x = matrix(golden.rows, golden.columns, Float32Array.from(golden.x));

  test.each(golden.ridge)("ridge regression with alpha $alpha is scikit-learn's", (wanted) => {
    const probe = createRidge({ alpha: wanted.alpha });
    probe.fit(x, golden.y);
    expectAllClose(probe.weights, wanted.weights, 1e-10);
    expectClose(probe.intercept, wanted.intercept, 1e-10);
    expectAllClose(probe.predict(x), wanted.predictions, 1e-10);
  });

  test('generalised cross validation scores as the hat matrix does and chooses its penalty', () => {
    expectAllClose(gcvGrid, golden.gcv.alphas, 1e-15);
    const { z } = standardise(x, columnScaling(x));
    gcvScores(z, Float64Array.from(golden.y), gcvGrid).forEach((score, i) => {
      expectRelative(score, golden.gcv.scores[i] as number, 1e-8);
    });
    const probe = createRidge({ alpha: 'gcv' });
    probe.fit(x, golden.y);
    expectClose(probe.penalty, golden.gcv.alpha, 1e-15);
    const fixed = createRidge({ alpha: golden.gcv.alpha });
    fixed.fit(x, golden.y);
    expectAllClose(probe.weights, Array.from(fixed.weights), 1e-12);
  });

  test.each(golden.logistic)("logistic regression with l2 $l2 is scikit-learn's", (wanted) => {
    const probe = createLogistic({ l2: wanted.l2 });
    probe.fit(x, golden.labels);
    expectAllClose(probe.weights, wanted.weights, 1e-7);
    expectClose(probe.intercept, wanted.intercept, 1e-7);
    expectAllClose(probe.predict(x), wanted.logOdds, 1e-7);
  });

  test('weights are per standard deviation and coefficients per unit', () => {
    const probe = createRidge({ alpha: 1 });
    probe.fit(x, golden.y);
    const raised = matrix(x.rows, x.columns, x.data.slice());
    for (let i = 0; i < x.rows; i++) {
      raised.data[i * x.columns] = (raised.data[i * x.columns] as number) + 1;
    }
    const before = probe.predict(x);
    const after = probe.predict(raised);
    expectClose(
      (after[0] as number) - (before[0] as number),
      probe.coefficients[0] as number,
      1e-6,
    );
    const deviation = columnScaling(x).scale[0] as number;
    expectClose(probe.weights[0] as number, (probe.coefficients[0] as number) * deviation, 1e-12);
    expect(probe.weights[2]).toBe(0);
    expect(probe.coefficients[2]).toBe(0);
  });
});
