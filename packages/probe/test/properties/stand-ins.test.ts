import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { collinearityOf } from '../../src/properties/collinear.ts';
import { labelLosses, labelMisses } from '../../src/properties/label-effects.ts';
import type { Comparisons } from '../../src/properties/label-effects.ts';
import { judgeProperties } from '../../src/properties/judge-properties.ts';
import { rewardedProperties } from '../../src/properties/rewarded-properties.ts';
import { labelStandIns, othersOf } from '../../src/properties/stand-ins.ts';
import { surelyWorse } from '../../src/properties/surely-worse.ts';

/** A reply of some sentences of about as many words: its length is their product. */
const names = ['sentences', 'sentence-length', 'length', 'idle'] as const;
type Reply = Record<(typeof names)[number], number>;

interface World {
  readonly pairs: number;
  readonly seed: number;
  /** What the labels reward, and R but for noise. */
  readonly reward: (reply: Reply) => number;
  /** How many sentences fewer the tuned model writes at most. Default: 3. */
  readonly fewer?: number;
}

function worldOf({ pairs: count, seed, reward, fewer = 3 }: World) {
  const random = createRandom(seed);
  const draw = (shorter = 0): Reply => {
    const sentences = 2 + random.integer(6 - shorter);
    const each = 5 + 1.5 * random.normal();
    return {
      sentences,
      'sentence-length': each,
      length: sentences * each,
      idle: random.normal(),
    };
  };
  const columns = (replies: readonly Reply[]) =>
    names.map((name) => Float64Array.from(replies, (reply) => reply[name]));
  const base = Array.from({ length: 300 }, () => draw());
  const tuned = base.map(() => draw(fewer));
  const pairs = Array.from({ length: count }, (): [Reply, Reply] => {
    const [a, b] = [draw(), draw()];
    return random.next() < 1 / (1 + Math.exp(reward(b) - reward(a))) ? [a, b] : [b, a];
  });
  const ratios = (replies: readonly Reply[]) =>
    Float64Array.from(replies, (reply) => reward(reply) + 2 * random.normal());
  return {
    names,
    fresh: {
      base: columns(base),
      tuned: columns(tuned),
      ratios: { base: ratios(base), tuned: ratios(tuned) },
      prompts: Int32Array.from(base.keys()),
    },
    labels: {
      chosen: columns(pairs.map(([chosen]) => chosen)),
      rejected: columns(pairs.map(([, rejected]) => rejected)),
      weights: new Float64Array(count).fill(1),
      ties: new Uint8Array(count),
      groups: Int32Array.from(pairs.keys()),
    },
  };
}

const shorter = ({ length }: Reply): number => -0.06 * length;

/** Flagged properties, each with the one that it may stand in for. */
const flaggedIn = (world: World) =>
  judgeProperties(worldOf(world))
    .properties.filter(({ flagged }) => flagged)
    .map(({ name, partner }) => (partner === null ? name : `${name} or ${partner}`));

describe('properties that vary together', () => {
  test('with enough labels, the one that was rewarded takes the place of those that make it up', () => {
    for (const seed of [1, 2, 3]) {
      expect(flaggedIn({ pairs: 800, seed, reward: shorter })).toEqual(['length']);
    }
  });

  test('with few labels, are one finding that names what was rewarded', () => {
    const found = Array.from({ length: 10 }, (_, seed) =>
      flaggedIn({ pairs: 150, seed, reward: shorter }),
    );
    // Where anything is named, what was rewarded is; what it cannot be told from stands beside it.
    for (const one of found.filter(({ length }) => length > 0)) {
      expect(one.some((each) => each.startsWith('length'))).toBe(true);
    }
    expect(found.filter((one) => one.some((each) => each.includes(' or '))).length).toBeGreaterThan(
      3,
    );
  });

  test('of labels and R that depend on nothing, none is named', () => {
    for (const seed of [1, 2, 3, 4]) {
      expect(flaggedIn({ pairs: 300, seed, reward: () => 0, fewer: 0 })).toEqual([]);
    }
  });
});

const comparisonsOf = (world: World): { comparisons: Comparisons; base: Float64Array[] } => {
  const { fresh, labels } = worldOf(world);
  const deviations = fresh.base.map((column) => {
    const mean = column.reduce((a, b) => a + b) / column.length;
    return Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
  });
  const differences = labels.chosen.map((column, j) =>
    column.map((x, i) => (x - (labels.rejected[j]?.[i] as number)) / (deviations[j] as number)),
  );
  return { comparisons: { ...labels, differences }, base: fresh.base };
};

test('a stand-in is measured without those that it stands in for, and no other property is', () => {
  const { comparisons, base } = comparisonsOf({ pairs: 150, seed: 4, reward: shorter });
  const collinearity = collinearityOf(base);
  const rewarded = rewardedProperties(comparisons, collinearity);
  const standIns = labelStandIns(comparisons, rewarded, collinearity);
  const [[standIn, replaced] = [-1, []]] = standIns;
  expect(replaced.length).toBeGreaterThan(0);
  expect(othersOf(standIn, rewarded, standIns)).toEqual(
    rewarded.filter((place) => !replaced.includes(place)),
  );
  const idle = names.indexOf('idle');
  expect(othersOf(idle, rewarded, standIns)).toEqual(rewarded);
});

test('the loss of a label falls by what it misses, ties too', () => {
  const pairs = { weights: Float64Array.of(1, 0.5, 2), ties: Uint8Array.of(0, 1, 1) };
  const comparisons = { ...pairs, differences: [], groups: Int32Array.of(0, 1, 2) };
  const step = 1e-6;
  for (const logit of [-30, -1, 0, 0.3, 30]) {
    const at = (x: number) => labelLosses(pairs, new Float64Array(3).fill(x));
    const slopes = at(logit + step).map(
      (loss, i) => (loss - (at(logit - step)[i] as number)) / 2 / step,
    );
    const misses = labelMisses(comparisons, new Float64Array(3).fill(logit));
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(-(misses[i] as number), 6));
  }
});

test('one description is surely worse than another by the mean difference in its standard errors', () => {
  const random = createRandom(5);
  const n = 400;
  const noise = Float64Array.from({ length: n }, () => random.normal());
  const error = Math.sqrt(
    noise.reduce((sum, x) => sum + (x - noise.reduce((a, b) => a + b) / n) ** 2, 0) / (n - 1) / n,
  );
  const mean = noise.reduce((a, b) => a + b) / n;
  const nothing = new Float64Array(n);
  const by = (z: number) => noise.map((x) => x - mean + z * error);
  expect(surelyWorse(by(1.7), nothing, [...noise.keys()])).toBe(true);
  expect(surelyWorse(by(1.6), nothing, [...noise.keys()])).toBe(false);
  // Items that come twice say no more.
  const twice = Float64Array.from([...by(1.7), ...by(1.7)]);
  const groups = [...noise.keys(), ...noise.keys()];
  expect(surelyWorse(twice, new Float64Array(2 * n), groups)).toBe(true);
  const sixth = Float64Array.from([...by(1.6), ...by(1.6)]);
  expect(surelyWorse(sixth, new Float64Array(2 * n), groups)).toBe(false);
});
