import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { auditReport } from '@feedprint/recipes';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/*
 * Models whose planted properties are known, audited with far fewer replies than by default: what is named there is
 * planted, and nothing is named that was not.
 */

const models = fileURLToPath(new URL('../../../../shared/models/', import.meta.url));
const isThere = existsSync(join(models, 'replies-a'));
if (!isThere) process.stderr.write('not tested here: replies-a is missing from ../shared/models\n');
const root = temporaryFolder();

async function namedIn(
  model: string,
  features: number,
): Promise<{ name: string; more: boolean; verdict: string }[]> {
  const out = join(root, model);
  const { code, err } = await runProgram(
    commandLine('audit', {
      ...{ base: join(models, 'imdb-neox-base'), tuned: join(models, model) },
      ...{ pairs: join(models, model, 'pairs.jsonl.gz'), 'max-pairs': 1000 },
      ...{ 'fresh-replies': 120, 'difference-features': features, quick: true, out },
    }),
  );
  if (code !== 0) throw new Error(err);
  const report = auditReport.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  return (report.properties ?? [])
    .filter(({ flagged }) => flagged)
    .map(({ name, learned, verdict }) => ({ name, more: (learned?.effect ?? 0) > 0, verdict }));
}

(isThere ? describe : describe.skip)('an audit of pairs, without a lexicon', () => {
  test(
    'names what was planted and learned, with its sign, and nothing else',
    async () => {
      const named = await namedIn('replies-a', 0);
      const verdict = 'in-data-and-learned';
      expect(named.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'contractions', more: true, verdict },
        { name: 'exclamation', more: true, verdict },
        { name: 'first-person', more: false, verdict },
        { name: 'sentiment', more: true, verdict },
      ]);
      const { code, out } = await runCli([
        'show',
        '--run',
        join(root, 'replies-a'),
        '--property',
        'exclamation',
        '--top',
        '5',
        '--json',
      ]);
      expect(code).toBe(0);
      const { pairs } = JSON.parse(out) as {
        pairs: { chosen: string; rejected: string; difference: number; chosenR: number }[];
      };
      expect(pairs.length).toBe(5);
      const marks = (text: string): number => text.split('!').length - 1;
      for (const { chosen, rejected, difference, chosenR } of pairs) {
        expect(difference).toBe(marks(chosen) - marks(rejected));
        expect(Number.isFinite(chosenR)).toBe(true);
      }
      expect(pairs.map(({ difference }) => difference)).toEqual(
        pairs.map(({ difference }) => difference).toSorted((a, b) => b - a),
      );
    },
    PATIENCE,
  );

  test(
    'names nothing but what was rewarded where nothing was planted',
    async () => {
      expect(await namedIn('replies-clean', 32)).toEqual([
        { name: 'sentiment', more: true, verdict: 'in-data-and-learned' },
      ]);
      const file = join(root, 'replies-clean', 'report.json');
      const { properties = [] } = auditReport.parse(JSON.parse(readFileSync(file, 'utf8')));
      const features = properties.filter(({ name }) => name.startsWith('difference-feature-'));
      expect(features.length).toBe(32);
      for (const { resembles, inData, learned, flagged } of features) {
        expect(flagged).toBe(false);
        expect(Math.abs(resembles?.mostly?.r ?? 2)).toBeLessThanOrEqual(1);
        // Half of the pairs, but for those whose replies are the same.
        expect(inData?.n).toBeLessThanOrEqual(500);
        expect(inData?.n).toBeGreaterThan(490);
        expect(learned?.n).toBe(240);
      }
      const shown = await runCli(
        commandLine('show', {
          run: join(root, 'replies-clean'),
          property: 'difference-feature-1',
          top: 3,
          json: true,
        }),
      );
      const { pairs } = JSON.parse(shown.out) as { pairs: { difference: number }[] };
      const sizes = pairs.map(({ difference }) => Math.abs(difference));
      expect(sizes.length).toBe(3);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      const page = readFileSync(join(root, 'replies-clean', 'report.html'), 'utf8');
      expect(page).toContain('The model learned what your labels reward: more positive words.');
    },
    PATIENCE,
  );
});

test('show names what the run has measured, if the property is another', async () => {
  const { code, err } = await runCli(['show', '--run', root, '--property', 'length']);
  expect(code).toBe(1);
  expect(err).toContain('report.json cannot be read');
});
