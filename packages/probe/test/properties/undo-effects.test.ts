import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { labelEffects } from '../../src/properties/label-effects.ts';
import type { Comparisons } from '../../src/properties/label-effects.ts';
import { labelInfluences } from '../../src/properties/label-influence.ts';
import { changedLabels, undoEffects } from '../../src/properties/undo-effects.ts';

/** Labels that a planted Bradley-Terry model gave to correlated properties, ten pairs to a group. */
function planted(effects: readonly number[], pairs: number, seed = 1): Comparisons {
  const random = createRandom(seed);
  const differences = effects.map(() => new Float64Array(pairs));
  for (let i = 0; i < pairs; i++) {
    const shared = random.normal();
    const x = effects.map(() => 0.5 * shared + random.normal());
    const logit = x.reduce((sum, value, j) => sum + value * (effects[j] as number), 0);
    const side = random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : -1;
    x.forEach((value, j) => ((differences[j] as Float64Array)[i] = side * value));
  }
  return {
    differences,
    weights: new Float64Array(pairs).fill(1),
    ties: new Uint8Array(pairs),
    groups: Int32Array.from({ length: pairs }, (_, i) => Math.floor(i / 10)),
  };
}

const without = (of: Comparisons, pair: number): Comparisons =>
  changedLabels(
    of,
    Uint8Array.from(of.weights, (_, i) => Number(i === pair)),
    'drop',
  );

test('the influence of a pair is what a fit without it lacks', () => {
  const comparisons = planted([1.2, -0.6, 0.3], 100);
  const others = [0, 2];
  const whole = labelEffects(comparisons, [0, 2, 1]).weights.at(-1) as number;
  const influences = labelInfluences(comparisons, 1, others);
  const refitted = Array.from(influences, (_, pair) => {
    const { weights } = labelEffects(without(comparisons, pair), [0, 2, 1]);
    return whole - (weights.at(-1) as number);
  });
  const largest = Math.max(...refitted.map(Math.abs));
  const miss = Math.max(...refitted.map((value, i) => Math.abs(value - (influences[i] as number))));
  expect(largest).toBeGreaterThan(0.02);
  expect(miss / largest).toBeLessThan(0.05);
});

test('pairs that say nothing of a property given the others have no influence on it', () => {
  const comparisons = planted([0.5, 0.5], 100);
  (comparisons.differences[0] as Float64Array)[7] = 0;
  (comparisons.differences[1] as Float64Array)[7] = 0;
  expect(labelInfluences(comparisons, 0, [1])[7]).toBeCloseTo(0, 15);
});

describe.each(['drop', 'relabel'] as const)('to %s', (by) => {
  test('takes an effect away and leaves the others as they were', () => {
    const comparisons = planted([1.5, 0.8, -0.5], 4000);
    const all = [0, 1, 2];
    const { changed, chances } = undoEffects(comparisons, {
      ...{ remove: [0], keep: all, by },
      random: createRandom(3),
    });
    const before = labelEffects(comparisons, all);
    const left = labelEffects(changedLabels(comparisons, changed, by), all);
    expect(before.weights[0]).toBeGreaterThan(1.3);
    expect(Math.abs(left.weights[0] as number)).toBeLessThan(0.02);
    for (const j of [1, 2]) {
      const moved = Math.abs((left.weights[j] as number) - (before.weights[j] as number));
      expect(moved).toBeLessThan(2 * (left.errors[j] as number));
    }
    for (const [i, x] of (comparisons.differences[0] as Float64Array).entries()) {
      if (x <= 0) expect([changed[i], chances[i]]).toEqual([0, 0]);
    }
  });

  test('changes next to nothing for a property that the labels do not depend on', () => {
    const comparisons = planted([0, 0.8], 4000, 5);
    const { changed } = undoEffects(comparisons, {
      ...{ remove: [0], keep: [1], by },
      random: createRandom(3),
    });
    expect(changed.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.06 * 4000);
  });

  test('takes several effects away at once', () => {
    const comparisons = planted([1, -1, 0.6], 4000, 9);
    const { changed } = undoEffects(comparisons, {
      ...{ remove: [0, 1], keep: [2], by },
      random: createRandom(3),
    });
    const { weights, errors } = labelEffects(changedLabels(comparisons, changed, by), [0, 1, 2]);
    expect(Math.abs(weights[0] as number)).toBeLessThan(0.02);
    expect(Math.abs(weights[1] as number)).toBeLessThan(0.02);
    expect(Math.abs((weights[2] as number) - 0.6)).toBeLessThan(2.6 * (errors[2] as number));
  });
});

test('ties are left alone', () => {
  const comparisons = { ...planted([1.5], 200), ties: new Uint8Array(200).fill(1) };
  const { changed } = undoEffects(comparisons, {
    ...{ remove: [0], keep: [], by: 'drop' },
    random: createRandom(1),
  });
  expect(changed.every((each) => each === 0)).toBe(true);
});
