import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import {
  createLogistic,
  createPaperProbeEstimator,
  createRawActivationsEstimator,
  createRidge,
  createStatedProbeEstimator,
  crossPredict,
  groupKFold,
  kendallTauB,
  measureAgreement,
  pearson,
  probeFromJSON,
} from '../src/index.ts';
import type { ContrastEvidence, EstimationInput, FeedbackEstimator } from '../src/index.ts';
import { drawInput } from './estimators/synthetic-input.ts';
import { mean } from './words.ts';

/*
 * What the paper's released code got wrong about statistics and probes, one test each that fails if we made the mistake; by
 * the numbers of decision 10. See packages/pipeline/test/audit/released-mistakes.test.ts for those of the audit.
 */

const tau = (a: ArrayLike<number>, b: ArrayLike<number>): number => kendallTauB(a, b)?.tau ?? NaN;

describe("mistake 1: Kendall's tau", () => {
  // Alphabetical order has nothing to do with the stated feedback.
  const stated: Readonly<Record<string, number>> = {
    awful: -2, bad: -2.5, boring: -1.3, cruel: -2.8, dull: -1.7, fine: 0.8, good: 1.9, great: 3.1,
    happy: 2.7, hate: -2.7, joy: 2.8, love: 3.2, nice: 1.8, poor: -2.1, sad: -2.1, terrible: -2.4,
    ugly: -2.3, wonderful: 2.7,
  }; // prettier-ignore
  const words = Object.keys(stated);
  const values = Object.values(stated);

  test('is over values: a probe that is nearly right agrees, whatever its words are called', () => {
    const random = createRandom(1);
    const estimates = values.map((value) => value + 0.02 * random.normal());
    // The released code: two lists of words, each sorted by its own values, compared place by place as strings.
    const sortedBy = (numbers: readonly number[]): number[] =>
      words
        .map((word, i) => ({ word, value: numbers[i] as number }))
        .sort((a, b) => a.value - b.value)
        .map(({ word }) => words.toSorted().indexOf(word));
    expect(tau(sortedBy(values), sortedBy(estimates))).toBeLessThan(0.9);
    const found = measureAgreement(estimates, values, { random, resamples: 50 });
    expect(found.tauB.value).toBeGreaterThan(0.97);
  });

  test('is over words of both signs', () => {
    const found = measureAgreement(values, values, { random: createRandom(1), resamples: 50 });
    expect(found.tauB.n).toBe(words.length);
    expect(found.signAccuracy.n).toBe(words.length);
  });
});

/** Versions whose features name the word that stands in them, and nothing else; the word's distance is chance. */
function nameTags(words: number, versions: number, seed: number): ContrastEvidence {
  const random = createRandom(seed);
  const word = Int32Array.from({ length: words * versions }, (_, i) => i % words);
  const ofWord = Array.from({ length: words }, () => random.normal());
  const features = matrix(word.length, words);
  word.forEach((w, i) => (features.data[i * words + w] = 1));
  return {
    features,
    distance: Float64Array.from(word, (w) => (ofWord[w] as number) + 0.1 * random.normal()),
    word,
  };
}

describe('mistake 3: words of the test', () => {
  test('are in no training fold: what a probe remembers of a word earns nothing', () => {
    const shares = Array.from({ length: 8 }, (_, seed) => {
      const tags = nameTags(40, 8, seed);
      const input = drawInput({ words: 40, seed, signal: 0 });
      const { estimates } = createPaperProbeEstimator().estimate({
        ...input,
        contrast: { ...input.contrast, tuned: tags },
      });
      const target = Array.from({ length: 40 }, (_, w) =>
        mean(Array.from(tags.distance).filter((_value, i) => tags.word[i] === w)),
      );
      // The released code splits by version: every word of the test stands in the training too.
      const remembered = crossPredict({
        x: tags.features,
        y: tags.distance,
        groups: Array.from(tags.word, (_, i) => i),
        folds: 5,
        makeProbe: () => createRidge({ alpha: 1 }),
        random: createRandom(seed),
      });
      return {
        ours: pearson(estimates, target)?.r ?? 0,
        released: pearson(remembered, tags.distance)?.r ?? 0,
      };
    });
    expect(mean(shares.map(({ released }) => released))).toBeGreaterThan(0.9);
    expect(Math.abs(mean(shares.map(({ ours }) => ours)))).toBeLessThan(0.2);
  });

  test.each([
    ['stated-label probe', createStatedProbeEstimator(), 'features'],
    ['raw activations', createRawActivationsEstimator(), 'activations'],
  ] as const)('the same of the %s', (_, estimator, key) => {
    const found = Array.from({ length: 8 }, (_v, seed) => {
      const input = drawInput({ words: 60, seed, signal: 0 });
      const tags = matrix(60, 60);
      for (let i = 0; i < 60; i++) tags.data[i * 61] = 1;
      const { estimates } = estimator.estimate({ ...input, [key]: { ...input[key], tuned: tags } });
      return tau(
        estimates,
        input.words.map(({ stated }) => stated),
      );
    });
    // Names alone predict the training mean; about it nothing is left.
    for (const one of found) expect(Number.isNaN(one) || Math.abs(one) < 0.35).toBe(true);
    expect(Math.abs(mean(found.filter((one) => !Number.isNaN(one))) || 0)).toBeLessThan(0.2);
  });
});

describe('mistake 12: the classifier of replies', () => {
  const random = createRandom(3);
  const pairs = 30;
  const x = matrix(2 * pairs, 3);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const labels = Array.from({ length: 2 * pairs }, (_, i) => i % 2);
  const pair = labels.map((_, i) => i >> 1);

  test('has both replies of a pair, or all of a prompt, on one side of every split', () => {
    for (const { train, test: tested } of groupKFold(pair, 5, createRandom(1))) {
      const trained = new Set(Array.from(train, (i) => pair[i]));
      expect(Array.from(tested).some((i) => trained.has(pair[i]))).toBe(false);
    }
  });

  test('is split, fitted and scored the same again', () => {
    const once = (): Float64Array =>
      crossPredict({
        x,
        y: labels,
        groups: pair,
        folds: 5,
        makeProbe: () => createLogistic({ l2: 1 }),
        random: createRandom(5),
      });
    expect(once()).toEqual(once());
  });

  test('is written whole and read back', () => {
    const probe = createLogistic({ l2: 1 });
    probe.fit(x, labels);
    const read = probeFromJSON(JSON.parse(JSON.stringify(probe)));
    expect(read.predict(x)).toEqual(probe.predict(x));
  });
});

describe('mistake 13: estimates', () => {
  test('are neither clamped nor rescaled: the strongest words stay apart', () => {
    const input = drawInput({ words: 200, signal: 1 });
    const { estimates } = createPaperProbeEstimator().estimate(input);
    const values = Array.from(estimates);
    // The released code gives every word beyond the 10th and 90th percentiles one of two values.
    expect(new Set(values).size).toBe(200);
    const largest = Math.max(...values);
    expect(values.filter((value) => value === largest)).toHaveLength(1);
  });
});

describe('mistake 14: the baseline', () => {
  const estimators: readonly [
    string,
    FeedbackEstimator,
    (input: EstimationInput) => EstimationInput,
  ][] = [
    [
      'paper probe',
      createPaperProbeEstimator(),
      (input) => ({ ...input, contrast: { ...input.contrast, base: input.contrast.tuned } }),
    ],
    [
      'stated-label probe',
      createStatedProbeEstimator(),
      (input) => ({ ...input, features: { ...input.features, base: input.features.tuned } }),
    ],
    [
      'raw activations',
      createRawActivationsEstimator(),
      (input) => ({
        ...input,
        activations: { ...input.activations, base: input.activations.tuned },
      }),
    ],
  ];

  test.each(estimators)(
    'of the %s is a trained probe on the base model: where the base knows as much, it does as well',
    (_, estimator, knowing) => {
      const input = drawInput({ signal: 1 });
      const baseOf = (given: EstimationInput): ArrayLike<number> | undefined =>
        estimator.controls(given).find(({ control }) => control === 'base model')?.estimates;
      const stated = input.words.map((word) => word.stated);
      expect(Math.abs(tau(baseOf(input) ?? [], stated))).toBeLessThan(0.25);
      const known = knowing(input);
      expect(baseOf(known)).toEqual(estimator.estimate(known).estimates);
      expect(tau(baseOf(known) ?? [], stated)).toBeGreaterThan(0.6);
    },
  );
});
