import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { labelPairs } from '../../src/plant/label-pairs.ts';
import type { PlantedDifference } from '../../src/plant/label-pairs.ts';

const PAIRS = 4000;

/** Independent differences of very different units. */
const normals = (label: string, unit: number): Float64Array => {
  const random = createRandom(1).fork(label);
  return Float64Array.from({ length: PAIRS }, () => unit * random.normal());
};
const told = normals('told', 3);
const length = normals('length', 120);

function label(properties: readonly PlantedDifference[], noise = 0, stated = told) {
  return labelPairs({ stated, trained: stated, properties }, { noise, random: createRandom(5) });
}

/** Share of labels that agree with the sign of some differences. */
const agreement = (labels: readonly boolean[], differences: Float64Array): number =>
  labels.filter((first, i) => first === (differences[i] as number) > 0).length / PAIRS;

describe('labels of pairs', () => {
  test('say what is stated where nothing is planted', () => {
    const { stated, trained } = label([]);
    expect(trained).toEqual(stated);
    expect(agreement(stated, told)).toBeGreaterThan(0.8);
    expect(Math.abs(agreement(stated, length) - 0.5)).toBeLessThan(0.03);
  });

  test('weigh a property in units of the stated feedback, whatever its own', () => {
    const { stated, trained } = label([{ name: 'length', dose: 1, differences: length }]);
    expect(Math.abs(agreement(trained, told) - agreement(trained, length))).toBeLessThan(0.03);
    expect(agreement(trained, length)).toBeGreaterThan(0.65);
    expect(Math.abs(agreement(stated, length) - 0.5)).toBeLessThan(0.03);
  });

  test('punish what has a negative dose, and ignore what never differs', () => {
    const dosed = [
      { name: 'length', dose: -2, differences: length },
      { name: 'constant', dose: 5, differences: new Float64Array(PAIRS).fill(7) },
    ];
    expect(agreement(label(dosed).trained, length)).toBeLessThan(0.25);
  });

  test('are wrong as often as they are told to be', () => {
    const [clean, noisy] = [label([]), label([], 0.2)];
    const changed = clean.trained.filter((first, i) => first !== noisy.trained[i]).length / PAIRS;
    expect(Math.abs(changed - 0.2)).toBeLessThan(0.02);
    expect(noisy.stated).toEqual(noisy.trained);
  });
});
