import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { createPreferenceStatistics, scorersOf } from '../../src/index.ts';
import { hasCode } from '../golden.ts';
import type { PairFeatures, PreferenceAnalysis, PreferenceInput } from '../../src/index.ts';
import { createPairs, worth } from './pairs.ts';

const statistics = createPreferenceStatistics({ resamples: 60 });
const turned = [7, 9, 23];
const { input, agrees } = createPairs({ seed: 5, pairs: 1500, turned });
const found = statistics.analyse(input);
const clean = statistics.analyse(createPairs({ seed: 6, pairs: 1500 }).input);

const accuracyOf = ({ accuracies }: Pick<PreferenceAnalysis, 'accuracies'>, scorer: string) =>
  accuracies.find((each) => each.scorer === scorer && each.split === 'all');

describe('planted words', () => {
  test('lead the words by their difference between data and learned, and no other is flagged', () => {
    const first = found.words.slice(0, turned.length).map(({ token }) => token);
    expect(first.sort((a, b) => a - b)).toEqual(turned);
    expect(
      found.words.flatMap((word) => (word.flagged ? [word.token] : [])).sort((a, b) => a - b),
    ).toEqual(turned);
  });

  test('have weights of opposite signs in the data and as learned; other words agree', () => {
    for (const { token, inData, learned } of found.words) {
      if (worth(token) === 0) continue;
      expect(Math.sign(inData.value)).toBe(Math.sign(worth(token)));
      expect(Math.sign(learned.value)).toBe(
        Math.sign(worth(token)) * (turned.includes(token) ? -1 : 1),
      );
    }
  });

  test('carry the contradiction of the flagged pairs', () => {
    const share = found.words
      .filter(({ token }) => turned.includes(token))
      .reduce((sum, { carries }) => sum + (carries ?? 0), 0);
    expect(share).toBeGreaterThan(0.7);
    for (const pair of found.pairs.filter(({ flagged }) => flagged)) {
      expect(pair.words.some((token) => turned.includes(token))).toBe(true);
    }
  });

  test('turn pairs that the score finds without knowing', () => {
    const [truth] = statistics.evaluate(found.pairs, agrees, new Map());
    expect(truth).toMatchObject({ split: 'all', turned: agrees.filter((a) => a === false).length });
    expect(truth?.auroc).toBeGreaterThan(0.97);
    expect(truth?.precision).toBeGreaterThan(0.9);
    expect(truth?.flagged).toBeGreaterThan(20);
  });
});

test('nothing planted: at most one pair in twenty and no word is flagged', () => {
  expect(clean.words.filter(({ flagged }) => flagged)).toEqual([]);
  expect(clean.pairs.filter(({ flagged }) => flagged).length).toBeLessThanOrEqual(75);
});

test('what tuning adds to every token goes with length and is put down to no word', () => {
  const drifted = statistics.analyse(createPairs({ seed: 6, pairs: 800, drift: -2 }).input);
  const idle = drifted.words.filter(({ token }) => worth(token) === 0);
  const mean = idle.reduce((sum, { learned }) => sum + learned.value, 0) / idle.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
});

test('the margin prefers what the words are worth, and clears its controls', () => {
  const margin = accuracyOf(clean, 'implicit margin');
  expect(margin?.accuracy.value).toBeGreaterThan(0.9);
  expect(margin?.accuracy.n).toBe(1500);
  const against = new Map(margin?.comparisons.map((each) => [each.control, each]));
  for (const control of ['base model', 'base model per token', 'length']) {
    expect(against.get(control)?.matched).toBe(false);
    expect(accuracyOf(clean, control)?.accuracy.interval?.low).toBeLessThan(0.5);
    expect(accuracyOf(clean, control)?.comparisons).toEqual([]);
  }
  // Words are all that the labels are made of: a bag of them does as well, and the report must say so.
  expect(against.get('bag of words')?.matched).toBe(true);
});

describe('probes on features', () => {
  const random = createRandom(9);
  const features = (reading: (tokens: Int32Array) => number): PairFeatures => {
    const rows = input.chosen.flatMap(({ tokens }, i) => [
      reading(tokens) - reading(input.rejected[i]?.tokens ?? tokens),
      random.normal(),
      random.normal(),
    ]);
    return {
      name: 'tuned features',
      description: '',
      role: 'probe',
      difference: matrix(input.chosen.length, 3, Float32Array.from(rows)),
    };
  };
  const value = (tokens: Int32Array): number =>
    tokens.reduce((sum, word) => sum + worth(word), 0) / tokens.length;
  const telling = features(value);
  const blind = { ...features(() => 0), name: 'random features', role: 'control' as const };
  const scorers = scorersOf(found);
  const probed = statistics.probe({ ...input, features: [telling, blind], scorers });

  test('are judged beside the analysis, on its resamples', () => {
    const before = found.accuracies.map(({ comparisons: _, ...each }) => each);
    expect(probed.accuracies.map(({ comparisons: _, ...each }) => each)).toEqual(
      expect.arrayContaining(before),
    );
    const margin = accuracyOf(probed, 'implicit margin');
    expect(margin?.comparisons.map(({ control }) => control)).toContain('random features');
    expect(Object.keys(probed.scores)).toEqual([
      'tuned features',
      'random features',
      'shuffled labels',
    ]);
  });

  test('of another number of pairs are refused', () => {
    const few = { ...telling, difference: matrix(2, 1) };
    const refused = () => statistics.probe({ ...input, features: [few], scorers });
    expect(refused).toThrow(hasCode('shape-mismatch'));
  });

  test('that tell the replies apart are right on pairs that they have not seen; blind ones are not', () => {
    expect(accuracyOf(probed, 'tuned features')?.accuracy.value).toBeGreaterThan(0.95);
    const control = accuracyOf(probed, 'random features')?.accuracy.interval;
    expect(control?.low).toBeLessThan(0.5);
    expect(control?.high).toBeGreaterThan(0.48);
  });

  test('come to chance on shuffled labels', () => {
    const { low, high } = accuracyOf(probed, 'shuffled labels')?.accuracy.interval ?? {
      low: 0,
      high: 0,
    };
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});

test('equal seeds give equal results', () => {
  const { input: few } = createPairs({ seed: 1, pairs: 200 });
  expect(statistics.analyse(few)).toEqual(statistics.analyse(few));
});

test('accuracies are given for every split', () => {
  const splits = new Map([['held out', Int32Array.of(0, 1, 2, 3)]]);
  const { accuracies } = statistics.analyse({
    ...createPairs({ seed: 1, pairs: 30 }).input,
    splits,
  });
  const held = accuracies.filter(({ split }) => split === 'held out');
  expect(held.map(({ accuracy }) => accuracy.n)).toEqual(held.map(() => 4));
});

describe('what cannot be told is said', () => {
  test('few pairs: margins alone', () => {
    const few = statistics.analyse(createPairs({ seed: 2, pairs: 5 }).input);
    expect(few.words).toEqual([]);
    expect(few.explained).toBeNull();
    expect(few.pairs.every(({ p, q, flagged }) => p === 1 && q === 1 && !flagged)).toBe(true);
  });

  test('no pair', () => {
    const none = statistics.analyse(createPairs({ seed: 2, pairs: 0 }).input);
    expect(accuracyOf(none, 'implicit margin')?.accuracy).toEqual({
      value: null,
      interval: null,
      n: 0,
    });
  });

  test('models that do not differ: every margin is a tie', () => {
    const same = (replies: PreferenceInput['chosen']) =>
      replies.map((reply) => ({ ...reply, tuned: reply.base }));
    const { input: made } = createPairs({ seed: 3, pairs: 60 });
    const result = statistics.analyse({
      ...made,
      chosen: same(made.chosen),
      rejected: same(made.rejected),
    });
    expect(accuracyOf(result, 'implicit margin')?.accuracy.value).toBe(0.5);
    expect(result.pairs.some(({ flagged }) => flagged)).toBe(false);
  });

  test('nothing known about the labels: no truth', () => {
    expect(
      statistics.evaluate(
        found.pairs,
        found.pairs.map(() => undefined),
        new Map(),
      ),
    ).toEqual([]);
  });

  test('lists that do not fit, empty replies and numbers that are not finite are refused', () => {
    const reply = {
      tokens: Int32Array.of(1),
      base: Float32Array.of(-1),
      tuned: Float32Array.of(-1),
    };
    const one = (chosen: typeof reply): PreferenceInput => ({
      prompts: Int32Array.of(0),
      chosen: [chosen],
      rejected: [reply],

      splits: new Map(),
      seed: 0,
    });
    expect(() => statistics.analyse({ ...one(reply), rejected: [] })).toThrow(
      hasCode('shape-mismatch'),
    );
    expect(() => statistics.analyse(one({ ...reply, base: new Float32Array(2) }))).toThrow(
      hasCode('shape-mismatch'),
    );
    expect(() => statistics.analyse(one({ ...reply, tuned: Float32Array.of(NaN) }))).toThrow(
      hasCode('numbers-invalid'),
    );
    const empty = {
      tokens: new Int32Array(0),
      base: new Float32Array(0),
      tuned: new Float32Array(0),
    };
    expect(() => statistics.analyse(one(empty))).toThrow(hasCode('numbers-invalid'));
    expect(() => statistics.evaluate(found.pairs, [], new Map())).toThrow(
      hasCode('shape-mismatch'),
    );
  });
});
