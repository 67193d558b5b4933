import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { commandLine, trainArgs } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const sae = join(root, 'sae');
let pair: TinyPair;

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { code, err } = await runCli(trainArgs(pair, sae, { k: 2, width: 64 }));
  if (code !== 0) throw new Error(err);
}, PATIENCE);

const features = (changes: Flags = {}) =>
  runCli(
    commandLine('sae features', {
      sae,
      model: pair.base,
      texts: pair.texts,
      threads: 1,
      ...changes,
    }),
  );

interface Shown {
  readonly id: string;
  readonly density: number;
  readonly histogram: { readonly most: number; readonly counts: readonly number[] };
  readonly tokens: { readonly promoted: readonly { readonly effect: number }[] } | null;
  readonly examples: readonly { readonly activations: readonly number[] }[];
}

describe('feedprint sae features', () => {
  test('shows where features fire, how strongly, what they promote and what they may mean', async () => {
    const { code, out } = await features({ 'max-features': 3 });
    expect(code).toBe(0);
    const paragraphs = out.trimEnd().split('\n\n');
    expect(paragraphs).toHaveLength(3);
    for (const paragraph of paragraphs) {
      expect(paragraph).toMatch(/^blocks\.1\.hook_mlp_out\/\d+ {2}fires on "/);
      expect(paragraph).toMatch(
        /\n {2}active on \d+\.\d % of the tokens, up to \d.*\|[ ▁▂▃▄▅▆▇█]{20}\|\n/,
      );
      expect(paragraph).toMatch(/\n {2}promotes "/);
      expect(paragraph).toMatch(/\[\S+\]/);
    }
  });

  test('says the same in JSON, with windows in order of strength', async () => {
    const { out } = await features({ feature: '4,9', json: true });
    const shown = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Shown);
    expect(shown.map(({ id }) => id)).toEqual([
      'blocks.1.hook_mlp_out/4',
      'blocks.1.hook_mlp_out/9',
    ]);
    for (const { density, histogram, examples, tokens } of shown) {
      const peaks = examples.map(({ activations }) => Math.max(...activations));
      expect(peaks).toEqual([...peaks].sort((a, b) => b - a));
      expect(peaks[0]).toBeCloseTo(histogram.most, 5);
      const active = histogram.counts.reduce((sum, n) => sum + n, 0);
      // 160 texts of 21 words, each with the token that begins a text, if there is one.
      expect(active / density).toBeGreaterThanOrEqual(160 * 21);
      const effects = tokens?.promoted.map(({ effect }) => effect) ?? [];
      expect(effects).toEqual([...effects].sort((a, b) => b - a));
    }
  });

  test('writes a page of its own', async () => {
    const html = join(root, 'features.html');
    const { err } = await features({ 'max-features': 2, html });
    expect(err).toMatch(/page: .*features\.html\n/);
    const page = readFileSync(html, 'utf8');
    expect(page.split('<article class="card">')).toHaveLength(3);
    expect(page).toContain('Features of sae');
  });

  test('refuses a feature that there is not', async () => {
    const { code, err } = await features({ feature: '64' });
    expect(code).toBe(2);
    expect(err).toMatch(/no feature 64; use numbers from 0 to 63/);
  });
});
