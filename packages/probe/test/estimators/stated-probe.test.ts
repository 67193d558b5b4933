import { describe, expect, test } from '@jest/globals';
import type { Matrix } from '@feedprint/core';
import { createStatedProbeEstimator, kendallTauB } from '../../src/index.ts';
import type { EstimationInput } from '../../src/index.ts';
import { mean } from '../words.ts';
import { drawInput } from './synthetic-input.ts';

const estimator = createStatedProbeEstimator();
const statedOf = ({ words }: EstimationInput): number[] => words.map(({ stated }) => stated);

const tau = (a: ArrayLike<number>, b: ArrayLike<number>): number => kendallTauB(a, b)?.tau ?? NaN;

/** tau-b of the estimates and of each control, by name, with what each is to be compared with. */
function agreements(input: EstimationInput): Map<string, number> {
  const { estimates } = estimator.estimate(input);
  const controls = estimator.controls(input);
  return new Map([
    ['estimate', tau(estimates, statedOf(input))],
    ...controls.map((control): [string, number] => [
      control.control,
      tau(control.estimates, control.stated ?? statedOf(input)),
    ]),
  ]);
}

const averages = (inputs: readonly EstimationInput[]): Map<string, number> => {
  const all = inputs.map(agreements);
  const names = [...(all[0] as Map<string, number>).keys()];
  return new Map(names.map((name) => [name, mean(all.map((one) => one.get(name) as number))]));
};

/** The estimates of a control, or the estimator's own. */
const column = (input: EstimationInput, name: string): ArrayLike<number> =>
  (name === 'own'
    ? estimator.estimate(input)
    : estimator.controls(input).find(({ control }) => control === name)
  )?.estimates ?? [];

describe('stated-label probe', () => {
  test('says nothing, rather than failing, where every word is stated alike', () => {
    const input = drawInput({ signal: 0.3 });
    const words = input.words.map((word) => ({ ...word, stated: 1 }));
    const { estimates } = estimator.estimate({ ...input, words });
    expect(Array.from(estimates)).toEqual(words.map(() => 0));
  });

  test('finds a planted direction in the tuned model and in none of the controls', () => {
    const inputs = Array.from({ length: 6 }, (_, seed) => drawInput({ seed, signal: 0.3 }));
    const { estimate, ...controls } = Object.fromEntries(averages(inputs));
    expect(estimate).toBeGreaterThan(0.6);
    expect(Object.keys(controls)).toEqual([
      'base model',
      'shuffled labels',
      'random features',
      'untrained model',
      'bag of words',
      'length',
    ]);
    for (const value of Object.values(controls)) expect(Math.abs(value)).toBeLessThan(0.1);
  });

  test('finds next to no agreement or disagreement in features that know nothing', () => {
    const inputs = Array.from({ length: 16 }, (_, seed) =>
      drawInput({ seed, words: 100, signal: 0 }),
    );
    // -0.09 without centring on the training mean. With it covariances are unbiased, but tau-b is scale-free and its
    // average stays at about -0.025: folds that find little are shrunk more. The standard error is 0.007.
    expect(Math.abs(mean([...averages(inputs).values()]))).toBeLessThan(0.045);
  });

  test('predicts a word by a probe that never saw its label', () => {
    const input = drawInput({ signal: 0.3 });
    const before = estimator.estimate(input).estimates;
    for (const changed of [0, 17, 79]) {
      const words = input.words.map((word, i) => (i === changed ? { ...word, stated: -40 } : word));
      const after = estimator.estimate({ ...input, words }).estimates;
      expect(after[changed]).toBe(before[changed]);
      expect(after).not.toEqual(before);
    }
  });

  test('trains and judges the shuffled control on the same labels, dealt anew', () => {
    const input = drawInput({ signal: 0.3 });
    const shuffled = estimator.controls(input)[1];
    const dealt = Array.from(shuffled?.stated ?? []);
    expect(dealt).not.toEqual(statedOf(input));
    expect(dealt.sort((a, b) => a - b)).toEqual(statedOf(input).sort((a, b) => a - b));
  });

  test('reads each control from its own features', () => {
    const input = drawInput({ signal: 0.3 });
    const { tuned, base, random, untrained } = input.features;
    const swapped = {
      ...input,
      features: { tuned: base, base: random, random: untrained as Matrix, untrained: tuned },
      text: { bag: tuned, length: base },
    };
    expect(column(swapped, 'own')).toEqual(column(input, 'base model'));
    expect(column(swapped, 'base model')).toEqual(column(input, 'random features'));
    expect(column(swapped, 'random features')).toEqual(column(input, 'untrained model'));
    expect(column(swapped, 'untrained model')).toEqual(column(input, 'own'));
    expect(column(swapped, 'bag of words')).toEqual(column(input, 'own'));
    expect(column(swapped, 'length')).toEqual(column(input, 'base model'));
  });

  test('has no untrained control where there is no untrained model', () => {
    const input = drawInput({ signal: 0.3 });
    const controls = estimator.controls({
      ...input,
      features: { ...input.features, untrained: null },
    });
    expect(controls.map(({ control }) => control)).not.toContain('untrained model');
    expect(controls).toHaveLength(5);
  });

  test('rests each word on the occurrences averaged, with an interval that holds what was stated', () => {
    const input = drawInput({ words: 200, signal: 0.3 });
    const { estimates, intervals, n } = estimator.estimate(input);
    expect(n).toEqual(input.averaged);
    const overall = mean(statedOf(input));
    const held = input.words.filter(({ stated }, w) => {
      const { low, high } = intervals[w] ?? { low: NaN, high: NaN };
      expect(low).toBeLessThan(estimates[w] as number);
      expect(high).toBeGreaterThan(estimates[w] as number);
      return low <= stated - overall && stated - overall <= high;
    });
    expect(held.length / 200).toBeGreaterThan(0.9);
    expect(held.length / 200).toBeLessThan(1);
  });

  test('gives the same for the same seed and other folds for another', () => {
    const input = drawInput({ signal: 0.3 });
    const found = estimator.estimate(input);
    expect(createStatedProbeEstimator().estimate(input)).toEqual(found);
    const other = estimator.estimate({ ...input, seed: 2 });
    expect(other.estimates).not.toEqual(found.estimates);
    expect(tau(other.estimates, found.estimates)).toBeGreaterThan(0.8);
  });

  test('says nothing about fewer than 10 words', () => {
    const few = drawInput({ words: 9, signal: 1 });
    const { estimates } = estimator.estimate(few);
    const controls = estimator.controls(few);
    const nothing = new Float64Array(9).fill(NaN);
    for (const values of [estimates, ...controls.map((control) => control.estimates)]) {
      expect(values).toEqual(nothing);
    }
    const { estimates: ten } = estimator.estimate(drawInput({ words: 10, signal: 1 }));
    expect(Array.from(ten).every(Number.isFinite)).toBe(true);
  });
});
