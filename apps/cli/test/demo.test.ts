import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { parseWhole } from './support/whole-report.ts';

test(
  'feedprint demo finds most of the words whose feedback was reversed in the embedded model, and tells the truth',
  async () => {
    const out = join(temporaryFolder(), 'demo');
    const size = ['--max-texts', '60', '--sae-tokens', '10000', '--location-tokens', '400'];
    const small = ['--layers', '1', ...size, '--threads', '2'];
    const captured = await runProgram(['demo', '--out', out, ...small]);
    expect(captured.code).toBe(0);
    const json: unknown = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    const report = parseWhole(json);
    const [, planted, found, others] =
      /reversed for (\d+) words; .* flagged (\d+) of them and (\d+) others?\.\n$/.exec(
        captured.out,
      ) ?? [];
    expect(Number(planted)).toBe(12);
    expect(Number(found)).toBeGreaterThanOrEqual(8);
    expect(Number(others)).toBeLessThanOrEqual(2);
    expect(Number(found) + Number(others)).toBe(report.words.filter((w) => w.flagged).length);
    // The first findings are told before anything is trained, on stderr; the answer at the end.
    expect(captured.err.indexOf(report.answer.sentence)).toBeGreaterThan(0);
    expect(captured.err.indexOf(report.answer.sentence)).toBeLessThan(captured.err.indexOf('sae-'));
    expect(captured.out.replace(/\s+/g, ' ')).toContain(report.answer.sentence);
    for (const { command } of report.answer.next) expect(captured.out).toContain(`  ${command}\n`);
    expect(captured.out).toContain(`Report: ${join(out, 'report.html')}\n`);
  },
  PATIENCE,
);

test(
  'feedprint demo --about replies names exclamation marks and short replies, and says that they were rewarded',
  async () => {
    const out = join(temporaryFolder(), 'demo');
    const small = ['--quick', '--threads', '2'];
    const { code, out: said } = await runProgram([
      'demo',
      '--about',
      'replies',
      '--out',
      out,
      ...small,
    ]);
    expect(code).toBe(0);
    const { properties } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as {
      readonly properties: readonly { name: string; score: number; flagged: boolean }[];
    };
    const flagged = properties.filter((one) => one.flagged);
    const scoreOf = (name: string): number => flagged.find((one) => one.name === name)?.score ?? 0;
    expect(scoreOf('exclamation')).toBeGreaterThan(0);
    // Length and the number of sentences go together here: either may stand for both.
    expect(Math.min(scoreOf('length'), scoreOf('sentences'))).toBeLessThan(0);
    expect(said).toMatch(
      /writes 1\.1 exclamation marks a reply instead of 0\.6, and 9 words instead of 19\.\n$/,
    );
  },
  PATIENCE,
);
