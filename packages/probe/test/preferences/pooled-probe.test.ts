import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createPreferenceStatistics } from '../../src/index.ts';
import type { PooledFeatures } from '../../src/index.ts';

const PAIRS = 200;
const WIDTH = 5;

interface Planted {
  /** What the first feature adds to chosen replies and takes from the others, in standard deviations of the rest. */
  readonly signal: number;
  /** Size of what both replies of a pair share. */
  readonly shared?: number;
}

/** Replies of five features, the first of which may tell the chosen one. */
function features(name: string, { signal, shared = 1 }: Planted): PooledFeatures {
  const random = createRandom(7).fork(name);
  const replies: Matrix = matrix(2 * PAIRS, WIDTH);
  for (let i = 0; i < PAIRS; i++) {
    for (let c = 0; c < WIDTH; c++) {
      const both = shared * random.normal();
      const told = c === 0 ? signal : 0;
      replies.data[i * WIDTH + c] = both + random.normal() + told;
      replies.data[(PAIRS + i) * WIDTH + c] = both + random.normal() - told;
    }
  }
  return { name, description: name, role: 'probe', replies };
}

function pooled(...given: readonly PooledFeatures[]) {
  const found = createPreferenceStatistics({ resamples: 100 }).probe({
    prompts: Int32Array.from({ length: PAIRS }, (_, i) => i),
    splits: new Map(),
    seed: 3,
    features: [],
    scorers: [],
    pooled: given,
  });
  return new Map(found.pooled.map(({ name, accuracy }) => [name, accuracy]));
}

describe('the pooled probe', () => {
  test('tells replies apart by a feature that does, and not by what both replies of a pair share', () => {
    const found = pooled(
      features('told', { signal: 3 }),
      features('untold', { signal: 0, shared: 9 }),
    );
    expect(found.get('told')?.value).toBeGreaterThan(0.97);
    expect(found.get('told')?.n).toBe(2 * PAIRS);
    for (const control of ['untold', 'shuffled labels']) {
      const { value, interval } = found.get(control) ?? {};
      expect(Math.abs((value as number) - 0.5)).toBeLessThan(0.15);
      expect(interval?.low).toBeLessThan(value as number);
    }
  });

  test('tells less where what both replies share drowns the difference', () => {
    const found = pooled(
      features('clear', { signal: 1 }),
      features('drowned', { signal: 1, shared: 10 }),
    );
    expect(found.get('clear')?.value).toBeGreaterThan(0.7);
    expect(found.get('drowned')?.value).toBeLessThan(0.62);
  });

  test('is not fitted where nothing of single replies was given', () => {
    expect(pooled().size).toBe(0);
  });
});
