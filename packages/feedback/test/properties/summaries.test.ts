import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { PreferencePair } from '@feedprint/core';
import {
  defineProperty,
  standardProperties,
  summarizePairs,
  summarizeReplies,
} from '../../src/index.ts';
import { createClusteredMeans } from '../../src/properties/clustered-means.ts';
import { createMoments } from '../../src/properties/moments.ts';

interface Case {
  readonly values: readonly number[];
  readonly weights: readonly number[];
  readonly clusters: readonly number[];
  readonly mean: number;
  readonly standardError: number;
  readonly sd: number;
  readonly share: number;
}

// tools/golden/paired_differences.py
const { cases } = JSON.parse(
  readFileSync(new URL('../golden/paired-differences.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe.each(cases)('weighted values in clusters', (golden) => {
  test('have the mean and cluster-robust standard error of statsmodels', () => {
    const means = createClusteredMeans(3);
    golden.values.forEach((value, i) => {
      // Far apart, so that room is made for clusters.
      const cluster = 1000 * (golden.clusters[i] as number);
      means.add(cluster, 1, value, golden.weights[i] as number);
      means.add(cluster, 2, NaN, 1);
    });
    expect(means.mean(1)).toEqual({
      mean: expect.closeTo(golden.mean, 12),
      standardError: expect.closeTo(golden.standardError, 12),
      n: 40,
    });
    expect(means.mean(2)).toEqual({ mean: NaN, standardError: NaN, n: 0 });
  });

  test('have the standard deviation and share of numpy', () => {
    const moments = createMoments();
    moments.add(NaN, 5);
    golden.values.forEach((value, i) => moments.add(value, golden.weights[i]));
    expect(moments.moments()).toEqual({
      mean: expect.closeTo(golden.mean, 12),
      sd: expect.closeTo(golden.sd, 12),
      share: expect.closeTo(golden.share, 12),
      n: 40,
    });
  });
});

const marks = defineProperty({
  name: 'marks',
  definition: 'Marks.',
  measure: (reply) => (reply === '' ? NaN : reply.split('!').length - 1),
});

const pair = (chosen: string, rejected: string, more: Partial<PreferencePair> = {}) => ({
  prompt: '',
  chosen,
  rejected,
  ...more,
});

describe('pairs', () => {
  const find = async (pairs: readonly PreferencePair[]) => {
    const [found] = await summarizePairs(pairs, [marks]);
    if (!found) throw new Error('nothing found');
    return found;
  };

  test('differ in standard deviations, with an interval over prompts', async () => {
    const pairs = [pair('a!!', 'a'), pair('b!', 'b!'), pair('c!!!', 'c!'), pair('d', 'd!')];
    const { chosen, rejected, difference } = await find(pairs);
    expect(chosen).toEqual({ mean: 1.5, sd: expect.closeTo(1.2909944, 6), share: 0.75, n: 4 });
    expect(rejected).toEqual({ mean: 0.75, sd: 0.5, share: 0.75, n: 4 });
    const sd = Math.sqrt((5 / 3 + 1 / 4) / 2);
    // Differences 2, 0, 2, -1: mean 0.75, standard deviation 1.5.
    expect(difference).toEqual({
      effect: expect.closeTo(0.75 / sd, 12),
      low: expect.closeTo((0.75 - 1.959964 * 0.75) / sd, 6),
      high: expect.closeTo((0.75 + 1.959964 * 0.75) / sd, 6),
      n: 4,
    });
  });

  test('of one prompt count as one observation of it', async () => {
    const pairs = ['p', 'q', 'r'].flatMap((prompt, i) => [
      pair(`a${'!'.repeat(i)}`, 'a', { prompt }),
      pair(`b${'!'.repeat(i)}`, 'b', { prompt }),
    ]);
    const once = await find(pairs.filter((_, i) => i % 2 === 0));
    const twice = await find(pairs);
    const widthOf = ({ difference }: typeof once) =>
      ((difference?.high ?? NaN) - (difference?.low ?? NaN)) / (difference?.effect ?? NaN);
    expect(widthOf(twice)).toBeCloseTo(widthOf(once), 12);
    expect((await find(pairs.slice(0, 2))).difference).toBeNull();
  });

  test('that are ties do not differ, and weigh as much as others', async () => {
    const { chosen, difference } = await find([
      pair('a!!!!', 'a', { tie: true }),
      pair('b!', 'b'),
      pair('c!', 'c', { weight: 2 }),
    ]);
    expect(chosen.mean).toBeCloseTo((2 + 1 + 2) / 4, 12);
    expect(difference?.n).toBe(3);
    expect(difference?.effect).toBeGreaterThan(0);
  });

  test('with nothing to measure are left out', async () => {
    const { chosen, difference } = await find([pair('a!', ''), pair('b!!', 'b'), pair('c', 'c!')]);
    expect([chosen.n, difference?.n]).toEqual([3, 2]);
    expect((await find([pair('a', 'b'), pair('c', 'd')])).difference).toBeNull();
  });

  test('stream in batches, and say how far they are', async () => {
    async function* pairs() {
      for (let i = 0; i < 1100; i++) yield pair(`${i}!`, `${i}`);
    }
    const seen: number[] = [];
    await summarizePairs(pairs(), [marks], { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([512, 1024, 1100]);
    const signal = AbortSignal.abort();
    await expect(summarizePairs(pairs(), [marks], { signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

test('replies have means, deviations and shares', async () => {
  const replies = ['a!', 'b', '', 'c!!'].map((reply) => ({ prompt: '', reply }));
  expect(await summarizeReplies(replies, [marks])).toEqual([
    {
      name: 'marks',
      definition: 'Marks.',
      mean: expect.closeTo(1, 12),
      sd: expect.closeTo(1, 12),
      share: expect.closeTo(2 / 3, 12),
      n: 3,
    },
  ]);
  expect(await summarizeReplies([], standardProperties())).toHaveLength(
    standardProperties().length,
  );
});
