import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditArgs } from './support/flags.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';

test(
  'feedprint audit takes a lexicon of the user as the feedback',
  async () => {
    const root = temporaryFolder();
    const pair = writeTinyPair(root);
    const lexicon = { film: 20, movie: 5, plot: -20, scene: -5 };
    writeFileSync(join(root, 'mine.json'), JSON.stringify(lexicon));
    const run = join(root, 'run');
    const { code } = await runProgram(
      auditArgs(pair, run, { feedback: join(root, 'mine.json'), 'max-texts': 60 }),
    );
    expect(code).toBe(0);
    const report = parseWhole(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')));
    expect(report.feedback).toEqual({ name: 'mine.json', range: [-20, 20] });
    expect(Object.fromEntries(report.words.map(({ word, stated }) => [word, stated]))).toEqual(
      lexicon,
    );
  },
  PATIENCE,
);
