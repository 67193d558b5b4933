import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';
import type { WholeReport } from './support/whole-report.ts';

const root = temporaryFolder();
let pair: TinyPair;
let count = 0;

beforeAll(() => {
  pair = writeTinyPair(root);
});

/** A new folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `folder-${count++}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Options of a small audit of the pair, as JSON. */
const options = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    ...{ ...pair, feedback: 'vader', out: 'run', layers: 2, seed: 3, maxTexts: 60 },
    ...{ saeTokens: 10_000, changeTokens: 0, locationTokens: 0, causeTokens: 0, threads: 1 },
    ...{ prompts: 8, newTokens: 4, randomAblations: 2 },
    ...changes,
  });

const readReport = (folder: string): WholeReport =>
  parseWhole(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));

describe('feedprint audit with a configuration', () => {
  test(
    'takes its options from the feedprint.config.ts of the working directory, and flags before them',
    async () => {
      const cwd = folderWith({
        'feedprint.config.ts': `
          import { defineAudit } from 'feedprint';
          const explain = async ({ id }: { readonly id: string }): Promise<string> => \`seen \${id}\`;
          export default defineAudit({
            ...${options()},
            parts: {
              labeler: { name: 'mine', settings: {}, explain, classify: async () => undefined, score: async () => undefined },
            },
          });`,
      });
      const ended = await runProgram(['audit', '--seed', '5'], { cwd });
      expect(ended).toMatchObject({ code: 0 });
      const report = readReport(join(cwd, 'run'));
      expect(report.settings).toMatchObject({ seed: 5, layers: 2, maxTexts: 60, labeler: 'mine' });
      for (const { id, label } of report.features) expect(label).toBe(`seen ${id}`);
    },
    PATIENCE,
  );

  test(
    'takes them from the file that --config names',
    async () => {
      const cwd = folderWith({
        'feedprint.config.json': 'not read',
        'mine.mjs': `export default ${options({ layers: 1 })};`,
      });
      const args = ['audit', '--config', 'mine.mjs', '--out', join(cwd, 'other')];
      expect(await runProgram(args, { cwd })).toMatchObject({ code: 0 });
      expect(readReport(join(cwd, 'other')).settings).toMatchObject({ layers: 1, seed: 3 });
    },
    PATIENCE,
  );

  const refusals: [string, () => Record<string, string>, string[], RegExp][] = [
    [
      'an unknown key, by its name',
      () => ({ 'feedprint.config.json': options({ layer: 1 }) }),
      [],
      /Unrecognized key: "layer"/,
    ],
    [
      'an unknown part, by its name',
      () => ({ 'feedprint.config.mjs': 'export default { parts: { matchers: {} } };' }),
      ['--base', 'b', '--feedback', 'vader', '--out', 'o'],
      /Unrecognized key: "matchers" → at parts/,
    ],
    [
      'what neither it nor a flag gives',
      () => ({}),
      ['--base', 'b'],
      /an audit needs --out and --feedback, --pairs or --ratings;/,
    ],
    [
      'two of them',
      () => ({ 'feedprint.config.json': '{}', 'feedprint.config.mjs': '' }),
      [],
      /more than one configuration: feedprint.config.mjs, feedprint.config.json; name one with --config/,
    ],
    [
      'one that exports nothing',
      () => ({ 'feedprint.config.ts': 'const options = 1 as number;' }),
      [],
      /feedprint.config.ts exports no options/,
    ],
    [
      'one that is not JSON',
      () => ({ 'feedprint.config.json': '{ base: 1 }' }),
      [],
      /feedprint.config.json cannot be loaded \(.*JSON/,
    ],
    ['a file that is missing', () => ({}), ['--config', 'no.ts'], /no.ts cannot be loaded/],
  ];
  test.each(refusals)('refuses %s', async (_what, files, args, says) => {
    const { code, out, err } = await runProgram(['audit', ...args], { cwd: folderWith(files()) });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
