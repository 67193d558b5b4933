import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '@feedprint/core';
import { normalCdf, spendAlpha, whenLearned } from '../../src/index.ts';

test('looks spend alpha in proportion to the steps before them, never more than all of it', () => {
  expect(spendAlpha([0.25, 0.5, 1], 0.08)).toEqual([0.02, 0.02, 0.04]);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1 }),
      (at) => {
        const spent = spendAlpha(
          at.toSorted((a, b) => a - b),
          0.05,
        );
        expect(Math.min(...spent)).toBeGreaterThanOrEqual(0);
        expect(spent.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(0.05 + 1e-12);
      },
    ),
  );
});

test('of trainings in which nothing is learned, alarms are false in at most 5 %, for dependent looks too', () => {
  const random = createRandom(3);
  const levels = spendAlpha([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], 0.05);
  const trainings = 4000;
  for (const kept of [0, 0.9]) {
    let alarms = 0;
    for (let run = 0; run < trainings; run++) {
      let z = random.normal();
      let raised = false;
      for (const level of levels) {
        raised ||= normalCdf(-z) <= level;
        z = kept * z + Math.sqrt(1 - kept ** 2) * random.normal();
      }
      alarms += Number(raised);
    }
    // Three standard errors of 5 % in as many trainings.
    expect(alarms / trainings).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trainings));
    expect(alarms).toBeGreaterThan(0);
  }
});

describe('what was learned', () => {
  const look = (step: number, effect: number, isLearned = false) => ({ step, effect, isLearned });

  test('is half there between two looks, on a straight line, whatever its sign', () => {
    const looks = [look(10, 1), look(20, 3, true), look(40, 4, true)];
    expect(whenLearned(looks)).toEqual({ first: 20, half: 15 });
    expect(whenLearned(looks.map((one) => ({ ...one, effect: -one.effect }))).half).toBe(15);
    expect(whenLearned([look(8, 2, true)])).toEqual({ first: 8, half: 4 });
  });

  test('was never seen, and has no half, where there is nothing at the end', () => {
    expect(whenLearned([look(10, 1), look(20, 0)])).toEqual({ first: null, half: null });
    expect(whenLearned([])).toEqual({ first: null, half: null });
  });
});
