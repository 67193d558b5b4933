import { createRandom } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import { dealtEffects } from '../../src/properties/dealt-labels.ts';
import { labelEffects } from '../../src/properties/label-effects.ts';

const PAIRS = 300;
const DEALS = 19;

/** Pairs in groups of two; the third property goes with the first. */
function comparisonsOf(seed: number, properties: number) {
  const random = createRandom(seed);
  const normal = () => Float64Array.from({ length: PAIRS }, () => random.normal());
  const [first = normal(), ...rest] = Array.from({ length: properties }, normal);
  const second = rest[0] ?? normal();
  return {
    differences: [first, ...rest].map((column, j) =>
      j === 2 ? second.map((value, i) => 0.6 * value + 0.8 * (column[i] as number)) : column,
    ),
    weights: Float64Array.from({ length: PAIRS }, () => 0.5 + random.next()),
    ties: Uint8Array.from({ length: PAIRS }, () => Number(random.next() < 0.1)),
    groups: Int32Array.from({ length: PAIRS }, (_, i) => Math.floor(i / 2)),
  };
}

test('is the largest effect on labels that were dealt out group by group, as an exact fit has it', () => {
  const comparisons = comparisonsOf(1, 3);
  const dealt = dealtEffects(comparisons, () => [1], { random: createRandom(7), deals: DEALS });
  // The same coins, each fit to its end.
  const coins = createRandom(7);
  const exact = [0, 0, 0];
  for (let deal = 0; deal < DEALS; deal++) {
    const signs = Array.from({ length: PAIRS / 2 }, () => (coins.next() < 0.5 ? -1 : 1));
    const differences = comparisons.differences.map((column) =>
      column.map((value, i) => value * (signs[Math.floor(i / 2)] as number)),
    );
    for (const [j, chosen] of [[1, 0], [1], [1, 2]].entries()) {
      const { weights } = labelEffects({ ...comparisons, differences }, chosen);
      const place = [0, 1, 2][j] as number;
      exact[place] = Math.max(exact[place] as number, Math.abs(weights.at(-1) as number));
    }
  }
  dealt.forEach((value, j) => {
    expect(Math.abs(value / (exact[j] as number) - 1)).toBeLessThan(0.1);
  });
});

test('is exceeded by an effect of nothing about once in a hundred', () => {
  const [runs, properties] = [8, 25];
  let exceeded = 0;
  for (let run = 0; run < runs; run++) {
    const comparisons = comparisonsOf(100 + run, properties);
    const dealt = dealtEffects(comparisons, () => [], { random: createRandom(run) });
    // The labels of these pairs are themselves dealt out by chance.
    dealt.forEach((most, j) => {
      const { weights } = labelEffects(comparisons, [j]);
      exceeded += Number(Math.abs(weights[0] as number) > most);
    });
  }
  // 2 of 200 are expected, 1.4 of them standard error.
  expect(exceeded).toBeLessThan(9);
});
