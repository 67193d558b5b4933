import { describe, expect, test } from '@jest/globals';
import { summarizeShift } from '../src/index.ts';
import type { RankedToken } from '../src/index.ts';

const token = (
  prompt: number,
  position: number,
  id: number,
  rank: number,
  logRatio = 0,
): RankedToken => ({ prompt, position, token: id, rank, kl: rank / 10, logRatio });

const options = {
  textOf: (id: number) => ` t${id}`,
  stated: new Map([
    [7, 2],
    [8, -1],
  ]),
  seed: 3,
};
const tokens = [
  token(0, 0, 5, 1),
  token(0, 1, 7, 4, 1),
  token(0, 2, 7, 10, 2),
  token(2, 0, 7, 3, 0.5),
  token(2, 1, 8, 2, 0.1),
  token(2, 2, 9, 99, 3),
  token(5, 0, 5, 1, -0.2),
  token(5, 1, 5, 1),
];

describe('summarizeShift', () => {
  const found = summarizeShift(tokens, options);

  test('divides tokens at ranks 1 and 3, with what was rewarded in each class', () => {
    expect(found.prompts).toBe(3);
    expect(found.classes.map(({ class: name, tokens: n, share }) => [name, n, share])).toEqual([
      ['unshifted', 3, 3 / 8],
      ['marginal', 2, 2 / 8],
      ['shifted', 3, 3 / 8],
    ]);
    expect(found.classes[0]).toMatchObject({ scored: 0, stated: null });
    expect(found.classes[1]).toMatchObject({ scored: 1, stated: 0.5 });
    expect(found.classes[1]?.logRatio).toBeCloseTo(0.3, 12);
    expect(found.classes[2]).toMatchObject({ scored: 2 / 3, stated: 2, logRatio: 2 });
    expect(found.all).toMatchObject({ tokens: 8, scored: 0.5, stated: 1.25 });
    expect(found.kl.value).toBeCloseTo(12.1 / 8, 12);
  });

  test('gives shares and divergence by position', () => {
    expect(found.positions.map(({ position, n }) => [position, n])).toEqual([
      [0, 3],
      [1, 3],
      [2, 2],
    ]);
    expect(found.positions[1]).toMatchObject({ unshifted: 1 / 3, marginal: 1 / 3, shifted: 1 / 3 });
    expect(found.positions[2]).toMatchObject({ unshifted: 0, marginal: 0, shifted: 1 });
    expect(found.positions[2]?.kl).toBeCloseTo(5.45, 12);
  });

  test('names the tokens that were shifted most often', () => {
    expect(found.shiftedTokens).toEqual([
      { token: 7, text: ' t7', count: 2, added: 3, rank: 7, logRatio: 1.5, stated: 2 },
      { token: 9, text: ' t9', count: 1, added: 1, rank: 99, logRatio: 3, stated: null },
    ]);
    expect(summarizeShift(tokens, { ...options, named: 1 }).shiftedTokens).toHaveLength(1);
  });

  test('resamples prompts, not tokens: prompts that agree leave no doubt, one alone neither', () => {
    const alike = [0, 1, 2, 3].flatMap((prompt) => [
      token(prompt, 0, 1, 1),
      token(prompt, 1, 2, 9),
    ]);
    expect(summarizeShift(alike, options).classes[2]).toMatchObject({
      share: 0.5,
      interval: { low: 0.5, high: 0.5 },
    });
    const { interval } = found.classes[2] ?? {};
    expect(interval?.low).toBe(0);
    // At best a resample is prompt 0 or 2 alone, of which 2 of 3 tokens are shifted.
    expect(interval?.high).toBeCloseTo(2 / 3, 12);
    expect(summarizeShift(tokens, options)).toEqual(found);
  });

  test('says null of no tokens', () => {
    const none = summarizeShift([], options);
    expect(none).toMatchObject({ prompts: 0, kl: { value: null, interval: null } });
    expect(none.classes.every(({ share, interval }) => share === null && interval === null)).toBe(
      true,
    );
    expect([none.positions, none.shiftedTokens]).toEqual([[], []]);
  });
});
