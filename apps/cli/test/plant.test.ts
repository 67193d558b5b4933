import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { propertyDose } from '../src/plant/plant-flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const pair = writeTinyPair(root);

/** Too short to learn much, with words that are too rare for it. */
const short = ['iterations=3', 'replies=16', 'leastOccurrences=1'].flatMap((one) => ['--set', one]);

/** A small planting on a tiny base. */
const args = (out: string, ...more: readonly string[]): string[] => [
  ...['plant', '--base', pair.base, '--out', join(root, out), '--seed', '3', '--threads', '1'],
  ...['--pair-count', '40', '--prompt-tokens', '8', '--max-new-tokens', '10', '--samples', '20'],
  ...more,
];

describe('feedprint plant', () => {
  test(
    'leaves pairs that the benchmark reads, and says what was learned',
    async () => {
      const { code, out, err } = await runCli(args('words', '--flip', '3', ...short));
      expect([code, err]).toEqual([0, expect.any(String)]);
      expect(out).toContain('words per thousand tokens');
      const planted = join(root, 'words');
      const truth = JSON.parse(readFileSync(join(planted, 'feedback.json'), 'utf8')) as {
        readonly flipped: readonly { readonly stated: number; readonly trained: number }[];
      };
      expect(truth.flipped).toHaveLength(3);
      for (const { stated, trained } of truth.flipped) expect(trained).toBe(-stated);

      const bench = await runCli([
        ...['bench', 'planted', '--model-pairs', planted, '--base', pair.base, '--quick', '--json'],
        ...['--texts', pair.texts, '--max-texts', '60', '--layers', '1'],
        ...['--samples', '0', '--no-placebos', '--threads', '1'],
      ]);
      const { pairs } = JSON.parse(bench.out) as {
        readonly pairs: readonly object[];
      };
      expect(pairs).toEqual([
        expect.objectContaining({ pair: 'words', truth: 'planted', evidence: 'held-out' }),
      ]);
    },
    PATIENCE,
  );

  test('refuses what would do nothing', async () => {
    const refused = async (...more: readonly string[]): Promise<string> => {
      const { code, err } = await runCli(args('refused', ...more));
      expect(code).toBe(2);
      return err;
    };
    expect(await refused('--label-noise', '0.2')).toContain('--label-noise does nothing');
    expect(await refused('--strength', '0.5')).toContain('where no word is altered');
    expect(await refused('--max-texts', '5')).toContain('without --prompts');
    expect(await refused('--property', 'sparkle:1')).toContain('there is no property sparkle');
    expect(await refused('--property', 'length')).toContain('a property and its dose');
    expect(existsSync(join(root, 'refused'))).toBe(false);
  });

  test('reads doses of properties', () => {
    const one = propertyDose('length:+1');
    expect(propertyDose('first-person:-0.7', one)).toEqual({ length: 1, 'first-person': -0.7 });
  });
});
