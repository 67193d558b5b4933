import { createRandom, matrix } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { trainSignedSae } from '../../src/index.ts';
import { signedLoss } from '../../src/signed/signed-loss.ts';
import { preActivations, randomWeights } from '../../src/signed/signed-weights.ts';
import type { SignedWeights } from '../../src/signed/signed-weights.ts';

const normals = (rows: number, columns: number, seed: number) => {
  const random = createRandom(seed);
  return matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal()),
  );
};

describe('the loss of a signed SAE', () => {
  const x = normals(6, 5, 1);
  const weights = randomWeights(4, 5, createRandom(2));
  const mask = Float64Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0 : 1));
  const lossOf = (changed: SignedWeights) => {
    const z = preActivations(changed, x).map((value, i) => value * (mask[i] as number));
    return signedLoss(changed, { x, z, prefixes: [2, 4] });
  };

  test.each(['wEnc', 'wDec'] as const)('has the gradient of central differences: %s', (name) => {
    const { encGradient, decGradient } = lossOf(weights);
    const gradient = name === 'wEnc' ? encGradient : decGradient;
    weights[name].forEach((value, i) => {
      const at = (to: number) => {
        const values = weights[name].slice();
        values[i] = to;
        return lossOf({ ...weights, [name]: values }).loss;
      };
      const numerical = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
      expect(gradient[i]).toBeCloseTo(numerical, 8);
    });
  });

  test('is 1 where nothing is kept', () => {
    expect(signedLoss(weights, { x, z: new Float64Array(24), prefixes: [2, 4] }).loss).toBeCloseTo(
      1,
      12,
    );
  });
});

describe('a signed SAE', () => {
  // Rows are sums of two of six orthogonal directions with random signs and sizes.
  const [rows, width, planted] = [3000, 16, 6];
  const random = createRandom(7);
  const x = matrix(rows, width);
  for (let b = 0; b < rows; b++) {
    for (const j of [random.integer(planted), random.integer(planted)]) {
      x.data[b * width + j] = (random.integer(2) === 0 ? -1 : 1) * (1 + random.next());
    }
  }
  const train = () =>
    trainSignedSae(x, {
      random: createRandom(1),
      features: 8,
      active: 2,
      prefixes: [4, 8],
      learningRate: 1e-2,
    });
  const sae = train();

  test('finds the directions that differences are made of, whatever their sign', () => {
    expect(sae.error).toBeLessThan(0.05);
    const { wDec } = sae.weights;
    for (let j = 0; j < planted; j++) {
      const best = Math.max(...Array.from({ length: 8 }, (_, f) => wDec[f * width + j] as number));
      expect(best).toBeGreaterThan(0.95);
    }
  });

  test('codes the negative of a row by the negative of its code', () => {
    const negative = matrix(
      rows,
      width,
      x.data.map((value) => -value),
    );
    const z = preActivations(sae.weights, x);
    expect(preActivations(sae.weights, negative)).toEqual(z.map((value) => -value));
    const kept = z.filter((value) => Math.abs(value) >= sae.threshold).length / rows;
    expect(kept).toBeGreaterThan(1.8);
    expect(kept).toBeLessThan(2.2);
  });

  test('is the same again, and stops when told to', () => {
    expect(train()).toEqual(sae);
    const signal = AbortSignal.abort();
    expect(() => trainSignedSae(x, { random: createRandom(1), signal })).toThrow(
      'stopped while the SAE was trained',
    );
  });
});
