import { describe, expect, test } from '@jest/globals';
import { createRawActivationsEstimator, createStatedProbeEstimator } from '../../src/index.ts';
import { drawInput } from './synthetic-input.ts';

const estimator = createRawActivationsEstimator();

describe('the probe on raw activations', () => {
  const input = drawInput({ signal: 0.3 });
  const found = estimator.estimate(input);
  const controls = estimator.controls(input);

  test('is the stated-label probe, reading activations in the place of features', () => {
    const { tuned, base, untrained } = input.activations;
    const features = { ...input.features, tuned, base, untrained };
    const readInstead = { ...input, features };
    const probe = createStatedProbeEstimator().estimate(readInstead);
    expect(found.estimates).toEqual(probe.estimates);
    expect(found.intervals).toEqual(probe.intervals);
    expect(controls.map(({ estimates }) => estimates)).toEqual(
      createStatedProbeEstimator()
        .controls(readInstead)
        .filter(({ control }) => control !== 'random features')
        .map(({ estimates }) => estimates),
    );
  });

  test('has every control but random features, of which activations have none', () => {
    expect(controls.map(({ control }) => control)).toEqual([
      'base model',
      'shuffled labels',
      'untrained model',
      'bag of words',
      'length',
    ]);
  });

  test('never looks at SAE features', () => {
    const { random } = input.features;
    const features = { tuned: random, base: random, random, untrained: null };
    expect(estimator.estimate({ ...input, features })).toEqual(found);
    expect(estimator.controls({ ...input, features })).toEqual(controls);
  });
});
