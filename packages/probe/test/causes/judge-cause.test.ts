import { expect, test } from '@jest/globals';
import { judgeCause } from '../../src/index.ts';
import type { CauseEvidence } from '../../src/index.ts';

const draws = Array.from({ length: 101 }, (_, i) => ({
  necessity: i / 1000,
  sufficiency: i / 500,
}));
const good: CauseEvidence = {
  necessity: 0.6,
  sufficiency: 0.4,
  difference: { low: 0.1, high: 0.3 },
  beside: { necessity: 0.5, sufficiency: 0.35 },
  families: [{ draws, klRatio: 0.4 }],
};
const failed = (evidence: Partial<CauseEvidence>): string[] =>
  judgeCause({ ...good, ...evidence })
    .criteria.filter(({ passed }) => !passed)
    .map(({ criterion }) => criterion);

test('a cause meets all criteria', () => {
  expect(judgeCause(good)).toMatchObject({ holds: true });
  expect(failed({})).toEqual([]);
});

test.each<[string, Partial<CauseEvidence>]>([
  ['necessity', { necessity: 0.49 }],
  ['sufficiency', { sufficiency: 0.29 }],
  // The 99th percentiles of the draws are 0.099 and 0.198.
  ['controls', { beside: { necessity: 0.098, sufficiency: 0.35 } }],
  ['controls', { beside: { necessity: 0.5, sufficiency: 0.197 } }],
  [
    'controls',
    {
      families: [
        { draws, klRatio: 0.1 },
        { draws: [{ necessity: 1, sufficiency: 0 }], klRatio: 0.1 },
      ],
    },
  ],
  ['difference', { difference: { low: -0.01, high: 0.5 } }],
  ['difference', { difference: null }],
  ['economy', { families: [{ draws, klRatio: 0.51 }] }],
  [
    'economy',
    {
      families: [
        { draws, klRatio: 0.1 },
        { draws, klRatio: 0.6 },
      ],
    },
  ],
])('%s is not met', (criterion, evidence) => {
  expect(failed(evidence)).toEqual([criterion]);
  expect(judgeCause({ ...good, ...evidence }).holds).toBe(false);
});

test('the limits themselves are enough, but for the controls', () => {
  expect(failed({ necessity: 0.5, sufficiency: 0.3, families: [{ draws, klRatio: 0.5 }] })).toEqual(
    [],
  );
  const { criteria } = judgeCause({ ...good, beside: { necessity: 0.099, sufficiency: 0.198 } });
  expect(criteria.find(({ criterion }) => criterion === 'controls')?.value).toBeCloseTo(0, 9);
});

test('random directions that never do as much leave nothing to be economical against', () => {
  const { criteria } = judgeCause({ ...good, families: [{ draws, klRatio: null }] });
  expect(criteria.at(-1)).toEqual({ criterion: 'economy', value: 0, limit: 0.5, passed: true });
});

test('without random directions nothing is called a cause', () => {
  expect(failed({ families: [] })).toEqual(['controls', 'economy']);
});
