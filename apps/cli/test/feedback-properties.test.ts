import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCli } from './support/run-cli.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();
const pairs = join(root, 'pairs.jsonl');
const rows = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Question ${i}?`,
  chosen: `Yes${i % 4 === 0 ? '' : '!'} It is.`,
  rejected: `Yes${i % 5 === 0 ? '!' : '.'} It is.`,
}));
writeFileSync(pairs, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const texts = join(root, 'texts.txt');
writeFileSync(texts, 'One!\nTwo, three.\n');

describe('feedprint feedback properties', () => {
  test('puts first what chosen and rejected replies differ in most', async () => {
    const { code, out, err } = await runCli(['feedback', 'properties', '--pairs', pairs]);
    expect([code, err]).toEqual([0, expect.stringContaining('read 40 pairs')]);
    const [head, first] = out.split('\n');
    expect(head).toMatch(/^property +difference \(sd\) +95 % +chosen +rejected +sd +have it +n$/);
    expect(first).toMatch(
      /^exclamation +\+1\.\d{3} +\[\+0\.\d+, \+1\.\d+\] +0\.75 +0\.2 .* 47\.5 % +40$/,
    );
  });

  test('prints every property of pairs and of texts as JSON', async () => {
    const ofPairs = await runCli(['feedback', 'properties', '--pairs', pairs, '--json']);
    const found = JSON.parse(ofPairs.out) as { name: string; difference: unknown }[];
    expect(found.length).toBeGreaterThanOrEqual(40);
    expect(found.find(({ name }) => name === 'lists')?.difference).toBeNull();
    const ofTexts = await runCli(['feedback', 'properties', '--texts', texts, '--json']);
    const commas = (JSON.parse(ofTexts.out) as { name: string }[]).find(
      ({ name }) => name === 'commas',
    );
    expect(commas).toEqual({
      name: 'commas',
      definition: 'Commas.',
      mean: 0.5,
      sd: expect.closeTo(Math.SQRT1_2, 12),
      share: 0.5,
      n: 2,
    });
    const table = await runCli(['feedback', 'properties', '--texts', texts]);
    expect(table.out).toMatch(/^commas +0\.5 +0\.707 +50\.0 % +2$/m);
  });

  test.each([[[]], [['--pairs', pairs, '--texts', texts]]])('refuses %j', async (args) => {
    const { code, err } = await runCli(['feedback', 'properties', ...args]);
    expect([code, err]).toEqual([2, expect.stringContaining('give one of --texts and --pairs')]);
  });
});
