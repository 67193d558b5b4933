import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditReport } from '@feedprint/recipes';
import { auditArgs } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';

test(
  '--quick prints the first findings and stops; without it, the same command goes on with them',
  async () => {
    const root = temporaryFolder();
    const out = join(root, 'run');
    const pair = writeTinyPair(root);
    const args = auditArgs(pair, out, { 'max-texts': 24 });
    const written = (): unknown => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));

    const quick = await runCli([...args, '--quick']);
    expect([quick.code, quick.err]).toEqual([0, expect.not.stringContaining('sae-')]);
    const first = auditReport.parse(written());
    expect(quick.out.replace(/\s+/g, ' ')).toContain(first.answer.sentence);
    expect(quick.out).toMatch(/\nDo next +compute the rest: /);
    expect(existsSync(join(out, 'tables', 'words.parquet'))).toBe(true);

    const json = await runCli([...args, '--quick', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ whole: false, answer: first.answer });

    const rest = await runCli(args);
    expect([rest.code, rest.err]).toEqual([0, expect.stringMatching(/words already done\n/)]);
    expect(auditReport.parse(written()).words).toEqual(first.words);
  },
  PATIENCE,
);
