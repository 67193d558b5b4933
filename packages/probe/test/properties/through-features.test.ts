import { createRandom } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import { effectsThroughFeatures, risePerDeviation } from '../../src/index.ts';

test('a rise is the slope through the origin times the root mean square, worked out by hand', () => {
  // Slope (2 - 1 + 12) / (4 + 1 + 9), root mean square of 2, -1, 3.
  const differences = Float64Array.of(2, -1, 3, NaN);
  const target = Float64Array.of(1, 1, 4, 100);
  expect(risePerDeviation(differences, target)).toBeCloseTo((13 / 14) * Math.sqrt(14 / 3), 12);
  // A pair of weight 2 counts like two pairs; which reply stands first does not count.
  expect(risePerDeviation(differences, target, Float64Array.of(1, 2, 1, 1))).toBeCloseTo(
    risePerDeviation(Float64Array.of(2, 1, -1, 3), Float64Array.of(1, -1, 1, 4)),
    12,
  );
  expect(risePerDeviation(new Float64Array(3), Float64Array.of(1, 2, 3))).toBe(0);
});

test('labels that follow a feature speak for the properties that it tells, and for no others', () => {
  const pairs = 4000;
  const random = createRandom(5);
  const normal = () => Float64Array.from({ length: pairs }, () => random.normal());
  const features = [normal(), normal(), normal()];
  const [first, second] = features as [Float64Array, Float64Array];
  const noise = normal();
  // The preferred reply stands first where the first feature speaks for it, at 1.5 logits a unit.
  const turned = first.map((x) => (random.next() < 1 / (1 + Math.exp(-1.5 * x)) ? 1 : -1));
  const oriented = (column: Float64Array) => column.map((x, i) => x * (turned[i] as number));
  const effects = effectsThroughFeatures({
    features: {
      differences: features.map(oriented),
      weights: new Float64Array(pairs).fill(1),
      ties: new Uint8Array(pairs),
      groups: Int32Array.from({ length: pairs }, (_, i) => i),
    },
    properties: [
      oriented(first.map((x, i) => x + (noise[i] as number))),
      oriented(second),
      oriented(noise),
      oriented(first.map((x) => -2 * x)),
    ],
  });
  expect(Math.abs((effects[0] as number) - 1.5 / Math.SQRT2)).toBeLessThan(0.15);
  expect(Math.abs(effects[1] as number)).toBeLessThan(0.15);
  expect(Math.abs(effects[2] as number)).toBeLessThan(0.1);
  expect(Math.abs((effects[3] as number) + 1.5)).toBeLessThan(0.15);
});
