import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import { predictProperties } from '../../src/properties/predict-properties.ts';
import { predictionFit } from '../../src/properties/prediction-fit.ts';
import { tokenTilts } from '../../src/properties/token-tilts.ts';

const TOKENS = 12;
const reply = (random: Random) => ({
  tokens: Int32Array.from({ length: 20 }, () => random.integer(TOKENS)),
});
const count = ({ tokens }: { readonly tokens: Int32Array }, id: number): number =>
  tokens.filter((token) => token === id).length;

/** Pairs whose labels reward token 0, punish token 1 and do not look at the rest. */
function labelled(pairs: number, worth: (of: ReturnType<typeof reply>) => number) {
  const random = createRandom(4);
  const sides = Array.from({ length: pairs }, () => {
    const [a, b] = [reply(random), reply(random)];
    return random.next() < 1 / (1 + Math.exp(worth(b) - worth(a))) ? [a, b] : [b, a];
  });
  const of = (side: number) => sides.map((pair) => pair[side] as ReturnType<typeof reply>);
  return {
    ...{ chosen: of(0), rejected: of(1), usual: sides.flat() },
    prompts: Int32Array.from(sides.keys()),
  };
}

const worth = (of: ReturnType<typeof reply>): number => 1.2 * count(of, 0) - 0.8 * count(of, 1);

test('tokens are tilted as labels reward them', () => {
  const tilts = tokenTilts(labelled(2000, worth), 0);
  const tilt = (id: number): number => tilts.of({ tokens: Int32Array.of(id) });
  // Only differences between tokens count: replies are equally long.
  const rest = Array.from({ length: 10 }, (_, i) => tilt(i + 2));
  const usual = rest.reduce((a, b) => a + b, 0) / 10;
  expect(tilt(0) - usual).toBeGreaterThan(0.6);
  expect(tilt(1) - usual).toBeLessThan(-0.4);
  expect(Math.max(...rest.map((value) => Math.abs(value - usual)))).toBeLessThan(0.25);
  expect((tilt(0) - usual) / (usual - tilt(1))).toBeCloseTo(1.2 / 0.8, 0);
});

test('labels that depend on nothing are met with the strongest penalty', () => {
  expect(
    tokenTilts(
      labelled(1000, () => 0),
      0,
    ).l2,
  ).toBe(1000);
});

function predicted(of: (one: ReturnType<typeof reply>) => number, dealt: typeof of) {
  const random = createRandom(8);
  const pairs = labelled(1500, worth);
  const [first, second] = [0, 1].map(() => Array.from({ length: 400 }, () => reply(random)));
  const columns = (replies: readonly ReturnType<typeof reply>[] = []) =>
    [0, 1, 2].map((id) => Float64Array.from(replies, (one) => count(one, id)));
  const ratios = (by: typeof of) => ({
    first: Float64Array.from(first ?? [], by),
    second: Float64Array.from(second ?? [], by),
  });
  return predictProperties({
    names: ['zero', 'one', 'two'],
    replies: {
      ...{ first: columns(first), second: columns(second) },
      ...{ ratios: ratios(of), placebo: ratios(dealt) },
      prompts: Int32Array.from({ length: 400 }, (_, i) => i),
    },
    labels: {
      ...{ chosen: columns(pairs.chosen), rejected: columns(pairs.rejected) },
      weights: new Float64Array(1500).fill(1),
      ties: new Uint8Array(1500),
      groups: pairs.prompts,
    },
  });
}

test('a planted change is read in shares that add up to it', () => {
  const found = predicted(
    (one) => 2 * count(one, 0) - count(one, 1) + 5,
    () => 0,
  );
  const [zero, one, two] = ['zero', 'one', 'two'].map((name) =>
    found.find((each) => each.name === name),
  );
  expect([zero?.verdict, one?.verdict, two?.verdict]).toEqual([
    'rewarded',
    'rewarded',
    'not-learned',
  ]);
  // Equal counts vary alike: the coefficients are 2 and -1, and explain all there is.
  expect((zero?.learned.effect ?? 0) / (one?.learned.effect ?? 1)).toBeCloseTo(-2, 0);
  expect((zero?.share.value ?? 0) + (one?.share.value ?? 0)).toBeCloseTo(1, 1);
  expect(zero?.difference).toBeGreaterThan(0.3);
});

test('nothing is foretold that labels dealt out at random reach, nor for the wrong side', () => {
  const change = (one: ReturnType<typeof reply>): number => 2 * count(one, 0);
  expect(predicted(change, change).every(({ verdict }) => verdict === 'not-learned')).toBe(true);
  const against = predicted(
    (one) => -change(one),
    () => 0,
  );
  expect(against.find(({ name }) => name === 'zero')?.verdict).toBe('besides');
});

test('a prediction is right but for one factor', () => {
  expect(predictionFit([1, -2, 0], [10, -20, 0])).toEqual({ r2: 1, factor: 10, n: 3 });
  // By hand: xy = 3, xx = 2, yy = 9.
  expect(predictionFit([1, 1], [3, 0])).toEqual({ r2: 0.5, factor: 1.5, n: 2 });
  expect(predictionFit([0, 0], [3, 0])).toBeNull();
});
