import { describe, expect, test } from '@jest/globals';
import { takeRows } from '@feedprint/core';
import { createPaperProbeEstimator, kendallTauB, pearson } from '../../src/index.ts';
import type { ContrastEvidence, EstimationInput } from '../../src/index.ts';
import { mean } from '../words.ts';
import { drawInput } from './synthetic-input.ts';

const estimator = createPaperProbeEstimator();

const tau = (estimates: ArrayLike<number>, { words }: EstimationInput): number =>
  kendallTauB(
    estimates,
    words.map(({ stated }) => stated),
  )?.tau ?? NaN;

/** The versions of the words that `keep` names. */
function only(contrast: ContrastEvidence, keep: (word: number) => boolean): ContrastEvidence {
  const rows = Array.from(contrast.word, (_, i) => i).filter((i) =>
    keep(contrast.word[i] as number),
  );
  return {
    features: takeRows(contrast.features, rows),
    distance: Float64Array.from(rows, (i) => contrast.distance[i] as number),
    word: Int32Array.from(rows, (i) => contrast.word[i] as number),
  };
}

describe("the paper's probe", () => {
  test('reads distances that follow the stated feedback, in the tuned model alone', () => {
    const found = Array.from({ length: 6 }, (_, seed) => {
      const input = drawInput({ seed, signal: 1 });
      const { estimates } = estimator.estimate(input);
      const controls = estimator.controls(input);
      expect(controls.map(({ control }) => control)).toEqual([
        'base model',
        'shuffled labels',
        'random features',
        'untrained model',
        'bag of words',
        'length',
      ]);
      return [estimates, ...controls.map((control) => control.estimates)].map((values) =>
        tau(values, input),
      );
    });
    const average = (place: number): number => mean(found.map((taus) => taus[place] as number));
    expect(average(0)).toBeGreaterThan(0.6);
    expect(Math.abs(average(1))).toBeLessThan(0.1);
    expect(Math.abs(average(2))).toBeLessThan(0.15);
  });

  test('finds next to no agreement or disagreement in features that know nothing', () => {
    const taus = Array.from({ length: 40 }, (_, seed) => {
      const input = drawInput({ seed, words: 60, signal: 1 });
      const { tuned, base } = input.contrast;
      const contrast = { ...input.contrast, tuned: { ...tuned, features: base.features } };
      return tau(estimator.estimate({ ...input, contrast }).estimates, input);
    });
    // -0.045 without centring on the training mean.
    expect(Math.abs(mean(taus))).toBeLessThan(0.035);
  });

  test('gives a word the mean over all versions in which it stands', () => {
    const { words, ...input } = drawInput({ signal: 1 });
    const { distance, word } = input.contrast.tuned;
    const { estimates } = estimator.estimate({ words, ...input });
    const means = words.map((_, w) =>
      mean(Array.from(distance).filter((_value, i) => word[i] === w)),
    );
    const firsts = words.map((_, w) => distance[word.indexOf(w)] as number);
    expect(pearson(estimates, means)?.r).toBeGreaterThan(0.98);
    expect(pearson(estimates, firsts)?.r).toBeLessThan(0.96);
  });

  test('estimates a word by probes that saw none of its versions', () => {
    const input = drawInput({ signal: 1 });
    const { tuned } = input.contrast;
    const before = estimator.estimate(input).estimates;
    for (const changed of [0, 33, 79]) {
      const distance = tuned.distance.map((value, i) => (tuned.word[i] === changed ? 99 : value));
      const contrast = { ...input.contrast, tuned: { ...tuned, distance } };
      const after = estimator.estimate({ ...input, contrast }).estimates;
      expect(after[changed]).toBe(before[changed]);
      expect(after).not.toEqual(before);
    }
  });

  test('rests each word on the versions in which it stands, with an interval about its mean distance', () => {
    const { words, ...input } = drawInput({ signal: 1 });
    const { distance, word } = input.contrast.tuned;
    const { intervals, n } = estimator.estimate({ words, ...input });
    expect(Array.from(n)).toEqual(words.map(() => 3));
    const overall = mean(Array.from(distance));
    const held = words.filter((_, w) => {
      const target = mean(Array.from(distance).filter((_value, i) => word[i] === w)) - overall;
      const { low, high } = intervals[w] ?? { low: NaN, high: NaN };
      return low <= target && target <= high;
    });
    expect(held.length / words.length).toBeGreaterThan(0.9);
  });

  test('says nothing about words that stand in no version', () => {
    const input = drawInput({ words: 30, signal: 1 });
    const tuned = only(input.contrast.tuned, (word) => word % 2 === 0);
    const found = estimator.estimate({ ...input, contrast: { ...input.contrast, tuned } });
    const { estimates, intervals, n } = found;
    const silent = input.words.map((_, w) => w % 2 === 1);
    expect(Array.from(estimates, Number.isNaN)).toEqual(silent);
    expect(Array.from(n, (count) => count === 0)).toEqual(silent);
    silent.forEach((none, w) => none && expect(intervals[w]).toBeNull());
  });

  test.each([0, 9])('says nothing when only %i words stand in versions', (words) => {
    const input = drawInput({ words: 30, signal: 1 });
    const few = only(input.contrast.tuned, (word) => word < words);
    const silent = { ...input, contrast: { tuned: few, base: few, random: few, untrained: few } };
    const { estimates } = estimator.estimate(silent);
    const controls = estimator.controls(silent);
    const nothing = new Float64Array(30).fill(NaN);
    const ofVersions = controls.slice(0, 4).map((control) => control.estimates);
    for (const values of [estimates, ...ofVersions]) expect(values).toEqual(nothing);
  });

  test('gives the same for the same seed and leaves the evidence as it was', () => {
    const input = drawInput({ signal: 1 });
    const distance = input.contrast.tuned.distance.slice();
    const found = estimator.estimate(input);
    expect(createPaperProbeEstimator().estimate(input)).toEqual(found);
    expect(input.contrast.tuned.distance).toEqual(distance);
    expect(estimator.estimate({ ...input, seed: 2 }).estimates).not.toEqual(found.estimates);
  });
});
