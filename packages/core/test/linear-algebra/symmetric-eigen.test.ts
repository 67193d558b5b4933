import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../src/index.ts';
import { symmetricEigen } from '../../src/linear-algebra/index.ts';

/** A random symmetric matrix of the rank asked for, at any scale. */
function randomSymmetric(n: number, rank: number, scale: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const a = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    const v = Float64Array.from({ length: n }, () => random.normal());
    const weight = scale * random.normal();
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        a[i * n + j] = (a[i * n + j] as number) + weight * (v[i] as number) * (v[j] as number);
      }
    }
  }
  return a;
}

/** Largest entry of A v - value v over all eigenvectors, and of V V' - 1. */
function residuals(a: Float64Array, n: number): readonly [number, number] {
  const { values, vectors } = symmetricEigen(a, n);
  let [equation, orthogonality] = [0, 0];
  for (let k = 0; k < n; k++) {
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      let [product, inner] = [0, 0];
      for (let j = 0; j < n; j++) {
        product += (a[i * n + j] as number) * (v[j] as number);
        inner += (vectors[i * n + j] as number) * (v[j] as number);
      }
      equation = Math.max(equation, Math.abs(product - (values[k] as number) * (v[i] as number)));
      orthogonality = Math.max(orthogonality, Math.abs(inner - (i === k ? 1 : 0)));
    }
  }
  return [equation, orthogonality];
}

describe('symmetricEigen', () => {
  test('solves A v = value v with orthogonal vectors of length 1, at any rank and scale', () => {
    for (const n of [1, 2, 3, 7, 20, 64]) {
      for (const rank of [1, Math.ceil(n / 2), 2 * n]) {
        for (const scale of [1e-8, 1, 1e8]) {
          const a = randomSymmetric(n, rank, scale, n + rank);
          const size = Math.max(...a.map(Math.abs));
          const [equation, orthogonality] = residuals(a, n);
          expect(equation).toBeLessThan(1e-12 * n * size);
          expect(orthogonality).toBeLessThan(1e-12);
        }
      }
    }
  });

  test('finds the eigenvalues of the second difference, 2 - 2 cos(k pi / (n + 1)), largest first', () => {
    const n = 30;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const { values } = symmetricEigen(a, n);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12);
    });
  });

  test('has equal eigenvalues and zeros, keeps its input, and turns each vector to its largest entry', () => {
    const identity = Float64Array.of(3, 0, 0, 0, 3, 0, 0, 0, 3);
    const copy = identity.slice();
    const found = symmetricEigen(identity, 3);
    expect([...found.values]).toEqual([3, 3, 3]);
    expect(identity).toEqual(copy);
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0);
    const flipped = symmetricEigen(Float64Array.of(1, -2, -2, 4), 2);
    expect(flipped.values[0]).toBeCloseTo(5, 12);
    expect(flipped.vectors[1]).toBeCloseTo(2 / Math.sqrt(5), 12);
    expect(flipped.vectors[0]).toBeCloseTo(-1 / Math.sqrt(5), 12);
  });

  test('refuses another number of entries and entries that are not finite', () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(/5 entries/);
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(/NaN/);
  });
});
