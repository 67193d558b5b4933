import { describe, expect, test } from '@jest/globals';
import {
  createLogRatioEstimator,
  createStatedProbeEstimator,
  findDiscrepancies,
  fitStatedLine,
  kendallTauB,
} from '../../src/index.ts';
import { drawInput } from './synthetic-input.ts';

const estimator = createLogRatioEstimator();

describe('log ratio', () => {
  const input = drawInput({ signal: 0.3 });
  const measured = input.words.map(({ estimate }) => estimate);
  const stated = input.words.map((word) => word.stated);
  const { estimates } = estimator.estimate(input);
  const controls = estimator.controls(input);
  const control = (name: string) => controls.find((one) => one.control === name);

  test('returns what was measured as it is', () => {
    expect(estimates).toEqual(measured);
    expect(controls.map((one) => one.control)).toEqual([
      'base model',
      'shuffled labels',
      'bag of words',
      'length',
    ]);
  });

  test('has the interval and the occurrences of every word', () => {
    const { intervals, n } = estimator.estimate(input);
    expect(intervals).toEqual(input.words.map(({ interval }) => interval));
    expect(n).toEqual(input.words.map((word) => word.n));
    for (const one of controls) {
      expect(one.intervals).toHaveLength(input.words.length);
      expect(one.n).toEqual(n);
    }
  });

  test('finds contradictions by its own form, which knows how often a word is expected', () => {
    const { contradictions, line } = estimator.estimate(input);
    expect(contradictions).toEqual(findDiscrepancies(input.words));
    expect(line).toEqual(fitStatedLine(input.words));
  });

  test("has the base model's own log-probabilities for a control", () => {
    expect(control('base model')?.estimates).toEqual(
      input.words.map(({ baseLogProb }) => baseLogProb),
    );
    expect(control('base model')?.stated).toBeUndefined();
  });

  test('judges the same estimates against labels dealt out at random', () => {
    const shuffled = control('shuffled labels');
    expect(shuffled?.estimates).toEqual(measured);
    const dealt = Array.from(shuffled?.stated ?? []);
    expect(dealt).not.toEqual(stated);
    expect(dealt.sort((a, b) => a - b)).toEqual([...stated].sort((a, b) => a - b));
  });

  test('predicts from the text alone for a control', () => {
    const { tuned } = input.features;
    const probe = createStatedProbeEstimator().estimate(input).estimates;
    for (const [place, key] of [
      [2, 'bag'],
      [3, 'length'],
    ] as const) {
      const told = estimator.controls({ ...input, text: { ...input.text, [key]: tuned } });
      const found = told[place]?.estimates ?? [];
      expect(kendallTauB(found, stated)?.tau).toBeGreaterThan(0.6);
      expect(found).toEqual(probe);
      expect(told.filter((_, i) => i !== place)).toEqual(controls.filter((_, i) => i !== place));
    }
  });

  test('depends on its seed in what is dealt alone', () => {
    expect(createLogRatioEstimator().controls(input)).toEqual(controls);
    const other = { ...input, seed: 2 };
    expect(estimator.estimate(other)).toEqual(estimator.estimate(input));
    const [base, shuffled] = estimator.controls(other);
    expect(base).toEqual(controls[0]);
    expect(shuffled?.stated).not.toEqual(controls[1]?.stated);
  });

  test('needs no number of words for itself; the text controls need 10', () => {
    const few = drawInput({ words: 3, signal: 0 });
    expect(Array.from(estimator.estimate(few).estimates).every(Number.isFinite)).toBe(true);
    expect(Array.from(estimator.controls(few)[2]?.estimates ?? [])).toEqual([NaN, NaN, NaN]);
  });
});
