import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import { benchCapture } from '../src/bench/bench-capture.ts';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { SITE, commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
let pair: TinyPair;
beforeAll(() => void (pair = writeTinyPair(root)));

const bench = (changes: Flags = {}): Promise<Captured> =>
  runCli(
    commandLine('bench capture', {
      model: pair.base,
      texts: pair.texts,
      site: SITE,
      'max-texts': 32,
      'max-length': 12,
      repeat: 3,
      threads: 1,
      ...changes,
    }),
  );

describe('feedprint bench capture', () => {
  test('prints one line of JSON', async () => {
    const { code, out } = await bench({ json: true, site: 'blocks.*.hook_mlp_out' });
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ model: 'base', texts: 32, sites: 2, threads: 1 });
    expect(result.tokens).toBe(32 * 12);
    expect(result.seconds).toHaveLength(3);
    const median = [...result.seconds].sort((a: number, b: number) => a - b)[1];
    expect(result.tokensPerSecond).toBeCloseTo(result.tokens / median, 6);
    expect(result.paddingShare).toBe(0);
    expect(result.startupSeconds).toBeGreaterThan(0);
    expect(result.peakMemoryBytes).toBeGreaterThan(1e7);
  });

  test('prints lines for people', async () => {
    const { code, out } = await bench();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^base, 32 texts of 384 tokens in \d+ batch.*, 1 thread\ntokens per second +\d+ \(median of 3\)\npadding +0\.0 %/,
    );
  });

  test('counts loading as start-up and every repeat by the clock that it is given', async () => {
    let now = 0;
    const { texts, file } = await readTexts(pair.texts);
    const result = await benchCapture(
      {
        load: async () => {
          now += 250;
          return loadModel(pair.base, { threads: 1 });
        },
        texts: [...texts.slice(0, 8), 'the', ''],
        file,
        maxLength: 6,
        sitesOf: () => [SITE],
        threads: 1,
        repeat: 4,
      },
      () => (now += 1000),
    );
    expect(result.startupSeconds).toBe(1.25);
    expect(result.seconds).toEqual([1, 1, 1, 1]);
    expect(result.tokens).toBe(51);
    expect(result.tokensPerSecond).toBe(51);
    // One rectangle of 9 texts of 6, in which "the" has 3.
    expect(result.paddingShareArrival).toBeCloseTo(3 / 54, 12);
  });

  test.each<[string, Flags, RegExp]>([
    ['a site that the model has not', { site: 'mlp' }, /no site mlp/],
    ['no repeat', { repeat: 0 }, /at least 1/],
    ['texts that are not there', { texts: join(root, 'nowhere.txt') }, /cannot be read/],
  ])('refuses %s', async (_, flags, says) => {
    const { code, out, err } = await bench(flags);
    expect([code > 0, out]).toEqual([true, '']);
    expect(err).toMatch(says);
    expect(err).toMatch(/^error: /);
  });
});
