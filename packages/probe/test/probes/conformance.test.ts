import { describe, expect, test } from '@jest/globals';
import type { Probe } from '@feedprint/core';
import { probeConformance } from '@feedprint/core/testing';
import {
  createLasso,
  createLogistic,
  createMeanDifference,
  createRidge,
  probeFromJSON,
} from '../../src/index.ts';

const probes = {
  'ridge of fixed penalty': () => createRidge({ alpha: 1 }),
  'ridge of cross-validated penalty': () => createRidge({ alpha: 'gcv' }),
  lasso: () => createLasso({ alpha: 0.01 }),
  logistic: () => createLogistic({ l2: 1 }),
  'mean difference': () => createMeanDifference(),
};

describe.each(Object.entries(probes))('%s', (_, make) => {
  for (const check of probeConformance(make, { restore: probeFromJSON })) {
    test(check.name, check.run);
  }
});

describe('the conformance suite', () => {
  const ridge = (): Probe => createRidge({ alpha: 1 });
  /** A good probe but for what `change` does to it. */
  const failures = async (change: (probe: Probe) => Partial<Probe>): Promise<string[]> => {
    const names: string[] = [];
    for (const check of probeConformance(() => {
      const probe = ridge();
      const changed = change(probe);
      return Object.create(probe, Object.getOwnPropertyDescriptors({ ...changed })) as Probe;
    })) {
      try {
        await check.run();
      } catch {
        names.push(check.name);
      }
    }
    return names;
  };

  test('finds nothing wrong with a good probe', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });

  test('notices predictions of the wrong sign', async () => {
    const found = await failures((probe) => ({ predict: (x) => probe.predict(x).map((v) => -v) }));
    expect(found).toEqual(['predicts new rows in the order of a planted linear relation']);
  });

  test('notices a probe that takes any target', async () => {
    const found = await failures((probe) => ({
      fit: (x, y) => {
        try {
          probe.fit(x, y);
        } catch {
          return;
        }
      },
    }));
    expect(found).toEqual([
      'refuses a target of another length',
      'refuses a constant or empty target',
      'refuses numbers that are not finite',
    ]);
  });
});
