import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createPreferenceStatistics } from '../../src/index.ts';
import type { PreferenceInput } from '../../src/index.ts';
import { createPairs } from './pairs.ts';

const PAIRS = 200;

interface Planted {
  /** What the first feature adds to chosen replies and takes from the others, in standard deviations of the rest. */
  readonly signal: number;
  /** Size of what both replies of a pair share. */
  readonly shared?: number;
}

/** Replies of five features, the first of which may tell the chosen one. */
function features(name: string, { signal, shared = 1 }: Planted) {
  const random = createRandom(7).fork(name);
  const draw = (size: number): Matrix =>
    matrix(
      PAIRS,
      5,
      Float32Array.from({ length: 5 * PAIRS }, () => size * random.normal()),
    );
  const [middle, difference] = [draw(shared), draw(1)];
  for (let i = 0; i < PAIRS; i++)
    difference.data[5 * i] = (difference.data[5 * i] as number) + 2 * signal;
  return { name, description: name, role: 'probe' as const, middle, difference };
}

function pooled(changes: Partial<PreferenceInput>) {
  const { input } = createPairs({ seed: 3, pairs: PAIRS });
  const statistics = createPreferenceStatistics({ resamples: 100 });
  const analysed = statistics.analyse({ ...input, ...changes }).pooled;
  return new Map(analysed.map(({ name, accuracy }) => [name, accuracy]));
}

describe('the pooled probe', () => {
  test('tells replies apart by a feature that does, and not by what both replies of a pair share', () => {
    const found = pooled({
      features: [features('told', { signal: 3 }), features('untold', { signal: 0, shared: 9 })],
    });
    expect(found.get('told')?.value).toBeGreaterThan(0.97);
    expect(found.get('told')?.n).toBe(2 * PAIRS);
    for (const control of ['untold', 'shuffled labels']) {
      const { value, interval } = found.get(control) ?? {};
      expect(Math.abs((value as number) - 0.5)).toBeLessThan(0.08);
      expect(interval?.low).toBeLessThan(value as number);
    }
  });

  test('tells less where what both replies share drowns the difference', () => {
    const found = pooled({
      features: [features('clear', { signal: 1 }), features('drowned', { signal: 1, shared: 10 })],
    });
    expect(found.get('clear')?.value).toBeGreaterThan(0.7);
    expect(found.get('drowned')?.value).toBeLessThan(0.6);
  });

  test('is told by length where length tells', () => {
    const { input } = createPairs({ seed: 3, pairs: PAIRS });
    const longer = input.chosen.map(({ tokens, base, tuned }) => ({
      tokens: Int32Array.from([...tokens, ...tokens]),
      base: Float32Array.from([...base, ...base]),
      tuned: Float32Array.from([...tuned, ...tuned]),
    }));
    const found = pooled({ chosen: longer, features: [features('untold', { signal: 0 })] });
    expect(found.get('length')?.value).toBe(1);
  });

  test('is not fitted where features came without means of both replies', () => {
    const { middle: _, ...without } = features('told', { signal: 3 });
    expect(pooled({ features: [without] }).size).toBe(0);
  });
});
