import { expect, test } from '@jest/globals';
import { createScaleMeter, matrix } from '../src/index.ts';

test('gives the mean row and the mean norm, however the rows are divided', () => {
  const data = Float32Array.of(3, 4, 0, 0, 6, 8, 3, -4);
  const whole = createScaleMeter(2);
  whole.add(matrix(4, 2, data));
  expect(whole.result()).toEqual({ mean: Float32Array.of(3, 2), meanNorm: 5 });
  const parts = createScaleMeter(2);
  parts.add(matrix(1, 2, data.slice(0, 2)));
  parts.add(matrix(3, 2, data.slice(2)));
  expect(parts.result()).toEqual(whole.result());
});

test('has zeros for no rows', () => {
  expect(createScaleMeter(2).result()).toEqual({ mean: new Float32Array(2), meanNorm: 0 });
});
