import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { dealtEffects } from '../../src/properties/dealt-labels.ts';
import { labelEffects } from '../../src/properties/label-effects.ts';
import { comparisonsOf, LEVELS } from '../../src/properties/rated-comparisons.ts';
import { expectAllClose, readGolden } from '../golden.ts';

interface Rated {
  readonly ratings: number[];
  readonly weights: number[];
  readonly errors: number[];
}

const golden = readGolden<{
  readonly groups: number[];
  readonly x: number[][];
  readonly labels: Rated;
  readonly levels: Rated;
}>('rating-effects.json');

const comparisons = (
  x: readonly (readonly number[])[],
  ratings: readonly number[],
  groups?: number[],
) => {
  const values = x.map((column) => Float64Array.from(column));
  return comparisonsOf(
    {
      values,
      ratings: Float64Array.from(ratings),
      groups: Int32Array.from(groups ?? ratings.keys()),
    },
    values,
  );
};

test.each(['labels', 'levels'] as const)(
  'effects on %s of single replies and their clustered errors are those of scikit-learn',
  (name) => {
    const { ratings, ...expected } = golden[name];
    const fit = labelEffects(comparisons(golden.x, ratings, golden.groups), [0, 1]);
    expectAllClose(fit.weights, expected.weights, 1e-6);
    expectAllClose(fit.errors, expected.errors, 1e-6);
  },
);

test('a rating on another scale says the same', () => {
  const { ratings } = golden.levels;
  const of = (scale: (rating: number) => number) => [
    ...labelEffects(comparisons(golden.x, ratings.map(scale), golden.groups), [0, 1]).weights,
  ];
  expectAllClose(
    of((rating) => 10 * rating ** 2 - 3),
    of((rating) => rating),
    1e-12,
  );
  expectAllClose(
    of((rating) => -rating),
    of((rating) => rating).map((effect) => -effect),
    1e-6,
  );
});

test('of ratings with many values, levels that hold as many replies are told apart', () => {
  const ratings = Array.from({ length: 100 }, (_, i) => Math.exp(i / 10));
  const { constants, weights } = comparisons([ratings], ratings);
  expect(constants).toHaveLength(LEVELS - 1);
  expect(weights).toHaveLength(100 * (LEVELS - 1));
  const passed = constants?.map((side) => side.filter((value) => value === 1).length);
  expect(passed).toEqual([80, 60, 40, 20]);
});

/** Replies of which some are wanted: most of them, whatever they say, and `effect` more logits per unit of a property. */
function wanted(seed: number, effect: number) {
  const random = createRandom(seed);
  const prompts = Array.from({ length: 150 }, () => random.normal());
  const groups = Array.from({ length: 300 }, (_, i) => Math.floor(i / 2));
  const x = groups.map((group) => random.normal() + (prompts[group] as number));
  const labels = x.map((value) =>
    Number(random.next() < 1 / (1 + Math.exp(-1.5 - effect * value))),
  );
  return comparisons([x], labels, groups);
}

describe('of labels of which four in five say the same', () => {
  test('90 % intervals cover the truth as often as they say', () => {
    const runs = 200;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { weights, errors } = labelEffects(wanted(run, 0.5), [0]);
      covered += Number(Math.abs((weights[0] as number) - 0.5) < 1.645 * (errors[0] as number));
    }
    expect(covered / runs).toBeGreaterThan(0.85);
    expect(covered / runs).toBeLessThan(0.95);
  });

  test('labels dealt out at random are exceeded by an effect of nothing about once in a hundred', () => {
    const runs = 200;
    let exceeded = 0;
    for (let run = 0; run < runs; run++) {
      const nothing = wanted(1000 + run, 0);
      const [most] = dealtEffects(nothing, () => [], { random: createRandom(run) });
      const [effect] = labelEffects(nothing, [0]).weights;
      exceeded += Number(Math.abs(effect as number) > (most as number));
    }
    // 2 of 200 are expected, 1.4 of them standard error.
    expect(exceeded).toBeLessThan(9);
    expect(exceeded).toBeGreaterThan(0);
  });
});
