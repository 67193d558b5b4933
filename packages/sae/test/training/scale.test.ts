import { expect, test } from '@jest/globals';
import { createSae } from '../../src/index.ts';
import { foldScale, inputScale, scaleRows } from '../../src/training/scale.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

test.each(Object.entries(kinds))(
  'folding the scale into the weights keeps the features of %s',
  async (_, architecture) => {
    const sae = randomSae({ architecture });
    const models = architecture.kind === 'crosscoder' ? architecture.models : 1;
    const scale = Float32Array.from({ length: 6 }, (__, i) => (models > 1 && i >= 3 ? 0.2 : 3));
    const x = normalMatrix(100, 6, 4);
    const folded = createSae({
      site: SITE,
      architecture,
      weights: foldScale(sae.weights, scale, models),
    });
    const [z, expected] = [await folded.encode(x), await sae.encode(scaleRows(x, scale))];
    expect(expected.data.some((v) => v > 0)).toBe(true);
    z.data.forEach((v, i) => expect(v).toBeCloseTo(expected.data[i] as number, 4));
    const [y, scaled] = [await folded.decode(z), await sae.decode(expected)];
    y.data.forEach((v, i) =>
      expect(v * (scale[i % 6] as number)).toBeCloseTo(scaled.data[i] as number, 4),
    );
  },
);

test('models side by side get a scale each', async () => {
  const rows = normalMatrix(400, 6, 5);
  const uneven = scaleRows(rows, Float32Array.of(1, 1, 1, 10, 10, 10));
  const scale = await inputScale(storeOf(uneven), SITE, uneven, { models: 2 });
  expect(scale[0] as number).toBeCloseTo(10 * (scale[3] as number), 0);
  const one = await inputScale(storeOf(uneven), SITE, uneven, { models: 1 });
  expect(new Set(one).size).toBe(1);
});
