import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { vocabularyDrift } from '../../src/index.ts';
import { studentTCdf, studentTQuantile } from '../../src/statistics/student-t.ts';
import { expectAllClose, expectClose, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly cases: readonly {
    readonly tokens: number;
    readonly width: number;
    readonly drift: number[];
  }[];
  readonly student: readonly {
    readonly t: number;
    readonly nu: number;
    readonly cdf: number;
  }[];
  readonly quantiles: readonly { readonly p: number; readonly nu: number; readonly t: number }[];
}

const golden = readGolden<Golden>('vocabulary-drift.json');

/** The rows of `tools/golden/vocabulary_drift.py`. */
function rows(count: number, width: number, phase: number): Matrix {
  const data = Float32Array.from({ length: count * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return Math.sin(phase + 3.7 * i + 1.3 * j * j + 0.01 * i * j);
  });
  return matrix(count, width, data);
}

function problem(tokens: number, width: number) {
  const unscored = rows(tokens, width, 0.5);
  return {
    unscored,
    words: rows(7, width, 2),
    tokens: Array.from({ length: tokens }, (_, i) => {
      const own = unscored.data.subarray(i * width, (i + 1) * width);
      const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
      const logRatio = Math.cos(1.1 * i) + (own[0] as number) / length;
      return { expectedCount: 2 + ((i * 37) % 400), logRatio };
    }),
  };
}

describe('the drift of the vocabulary', () => {
  test.each(golden.cases)("is scikit-learn's, $tokens tokens by $width", (one) => {
    const found = vocabularyDrift(problem(one.tokens, one.width));
    expectAllClose(found, one.drift, 1e-8);
  });

  test('is unknown from few tokens', () => {
    expect([...vocabularyDrift(problem(49, 4))]).toEqual(Array.from({ length: 7 }, () => 0));
  });

  test('needs a row per token', () => {
    const given = problem(60, 4);
    const run = () => vocabularyDrift({ ...given, tokens: given.tokens.slice(1) });
    expect(run).toThrow(hasCode('shape-mismatch'));
    expect(run).toThrow('59 tokens came with 60 rows of 4 numbers');
  });
});

describe("Student's t", () => {
  test.each(golden.student)("is SciPy's at $t with $nu", ({ t, nu, cdf }) => {
    expectClose(studentTCdf(t, nu), cdf, 1e-10);
  });

  test.each(golden.quantiles)("has SciPy's quantile $p with $nu", ({ p, nu, t }) => {
    expectClose(studentTQuantile(p, nu), t, 1e-8);
  });
});
