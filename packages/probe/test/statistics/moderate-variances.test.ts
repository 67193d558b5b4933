import { describe, expect, test } from '@jest/globals';
import { moderateVariances } from '../../src/statistics/moderate-variances.ts';
import { digamma, trigamma, trigammaInverse } from '../../src/statistics/polygamma.ts';
import { expectAllClose, expectClose, expectRelative, readGolden } from '../golden.ts';

const golden = readGolden<{
  readonly polygamma: Readonly<Record<'x' | 'digamma' | 'trigamma', number[]>>;
  readonly moderated: readonly {
    readonly sample: number[];
    readonly freedom: number;
    readonly wanted: { readonly variances: number[]; readonly freedom: number | null };
  }[];
}>('between-runs.json');

describe('derivatives of the log-gamma function', () => {
  test("are SciPy's", () => {
    const { x, ...wanted } = golden.polygamma;
    x.forEach((at, i) => {
      expectRelative(digamma(at), wanted.digamma[i] as number, 1e-12);
      expectRelative(trigamma(at), wanted.trigamma[i] as number, 1e-12);
      expectRelative(trigammaInverse(wanted.trigamma[i] as number), at, 1e-9);
    });
  });
});

describe('moderated variances', () => {
  test.each(golden.moderated)(
    "are SciPy's, from $freedom degrees of freedom",
    ({ sample, freedom, wanted }) => {
      const found = moderateVariances(sample, freedom);
      expectAllClose(found.variances, wanted.variances, 1e-9);
      if (wanted.freedom === null) expect(found.freedom).toBe(Infinity);
      else expectClose(found.freedom, wanted.freedom, 1e-8);
    },
  );

  test('are zero where nothing varies', () => {
    expect(moderateVariances([0, 0, 0], 1).variances).toEqual(new Float64Array(3));
  });
});
