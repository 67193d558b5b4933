import { describe, expect, test } from '@jest/globals';
import { saeTrainingSettingsSchema } from '../../src/index.ts';
import { deadTokensOf, kindOf, parseSettings } from '../../src/training/settings.ts';

test('every setting has a default and says what it does', () => {
  const defaults = parseSettings({});
  for (const [name, field] of Object.entries(saeTrainingSettingsSchema.shape)) {
    expect(defaults).toHaveProperty(name);
    expect(field.description?.length ?? 0).toBeGreaterThan(10);
  }
});

describe('the kind that settings ask for', () => {
  test('has what it depends on', () => {
    const kind = (given: Parameters<typeof parseSettings>[0]) => kindOf(parseSettings(given), 64);
    expect(kind({ kind: 'gated' })).toEqual({ kind: 'gated' });
    expect(kind({ kind: 'batchtopk', k: 3 })).toEqual({ kind: 'batchtopk', k: 3 });
    expect(kind({ kind: 'crosscoder', k: 3 })).toEqual({ kind: 'crosscoder', k: 3, models: 2 });
    expect(kind({ kind: 'matryoshka' })).toEqual({
      kind: 'matryoshka',
      k: 16,
      widths: [4, 8, 16, 32, 64],
    });
  });

  test('has every nested width once, however few features there are', () => {
    expect(kindOf(parseSettings({ kind: 'matryoshka', k: 2 }), 5)).toEqual({
      kind: 'matryoshka',
      k: 2,
      widths: [1, 3, 5],
    });
  });

  test.each([
    [{ kind: 'topk', k: 65 }],
    [{ kind: 'matryoshka', widths: [0.5, 0.25, 1] }],
    [{ kind: 'matryoshka', widths: [0.5] }],
  ] as const)('is refused where it does not fit: %j', (given) => {
    const settings = parseSettings(given as Parameters<typeof parseSettings>[0]);
    expect(() => kindOf(settings, 64)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

test.each([
  [{ learningRate: 0 }],
  [{ kind: 'unknown' as 'topk' }],
  [{ beta1: 1 }],
  [{ clipNorm: -1 }],
  [{ widths: [] as unknown as [number] }],
  [{ deadTokens: 2 ** 24 + 1 }],
  [{ l2: 1 } as object],
])('settings out of range are refused: %j', (given) => {
  expect(() => parseSettings(given)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});

test('features are dead after a tenth of the tokens, ten million at most', () => {
  expect(deadTokensOf(parseSettings({ tokens: 200_000 }))).toBe(20_000);
  expect(deadTokensOf(parseSettings({ tokens: 500_000_000 }))).toBe(10_000_000);
  expect(deadTokensOf(parseSettings({ tokens: 3 }))).toBe(1);
  expect(deadTokensOf(parseSettings({ deadTokens: 7 }))).toBe(7);
});
