import { describe, expect, test } from '@jest/globals';
import { figuresOf, rankP, ranked } from '../../../src/audit/ablation/compare-runs.ts';
import type { Figures, Measured } from '../../../src/audit/ablation/compare-runs.ts';
import { createFakeParts } from '../support/fake-parts.ts';

const { statistics } = createFakeParts();
const options = { statistics, seedOf: () => 1 };

const completion = (reward: number, rest: Partial<Measured> = {}): Measured => ({
  reward,
  expected: reward / 10,
  kl: 0,
  logProbBase: -3,
  repeated: 0,
  ...rest,
});

const changedBy = (reward: number, kl = 0, logProbBase = 0): Figures =>
  figuresOf(
    [completion(5 + reward, { kl, logProbBase: -3 + logProbBase })],
    [completion(5)],
    options,
  );

describe('the figures of a run', () => {
  test('are means, and means of the differences prompt by prompt', () => {
    const unmodified = [completion(1), completion(2), completion(6)];
    const run = [completion(0), completion(4), completion(5)];
    const { reward } = figuresOf(run, unmodified, options);
    expect(reward).toMatchObject({ value: 3, difference: { value: 0 }, p: null });
    expect(figuresOf(unmodified, unmodified, options).reward.difference).toBeNull();
  });

  test('leave out completions that do not define them, in both runs', () => {
    const unmodified = [completion(1), completion(1, { logProbBase: -4 })];
    const run = [completion(1, { logProbBase: null }), completion(1, { logProbBase: -6 })];
    const { logProbBase } = figuresOf(run, unmodified, options);
    expect(logProbBase).toMatchObject({ value: -6, difference: { value: -2 } });
    const empty = figuresOf([completion(0, { repeated: null })], unmodified, options);
    expect(empty.repeated).toEqual({ value: null, interval: null, difference: null, p: null });
  });
});

describe('the rank of a run among its draws', () => {
  const draws = [-0.5, 0.1, 0.4, 0.2].map((change) => changedBy(change, Math.abs(change), change));

  test('counts draws at least as extreme, itself included', () => {
    expect(rankP(3, [1, 2, 3, 4])).toBe(3 / 5);
    expect(rankP(9, Array<number>(20).fill(1))).toBeCloseTo(1 / 21, 12);
    expect(rankP(0, Array<number>(20).fill(1))).toBe(1);
  });

  test('looks for feedback further against the shift that tuning made', () => {
    const target = changedBy(-0.45, 0.45);
    expect(ranked(target, draws, 1).reward.p).toBe(2 / 5);
    expect(ranked(target, draws, -1).reward.p).toBe(4 / 5);
    expect(ranked(target, draws, 1).expected.p).toBe(2 / 5);
    // Without a shift, for any change as large.
    expect(ranked(changedBy(0.3), draws, 0).reward.p).toBe(3 / 5);
  });

  test('looks for larger divergences, and for changes of fluency either way', () => {
    const target = changedBy(0, 0.3, 0.45);
    expect(ranked(target, draws, 1).kl.p).toBe(3 / 5);
    expect(ranked(target, draws, 1).logProbBase.p).toBe(2 / 5);
  });

  test('is not defined without draws, or where one of them has no figure', () => {
    expect(ranked(changedBy(1), [], 1).reward.p).toBeNull();
    const unmodified = [completion(1)];
    const undefinedDraw = figuresOf([completion(1, { repeated: null })], unmodified, options);
    expect(ranked(changedBy(1), [undefinedDraw], 1).repeated.p).toBeNull();
  });
});
