import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { auditReport } from '@feedprint/recipes';
import { PATIENCE, runProgram } from './support/run-program.ts';
import type { Ended } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/*
 * Predict, audit and repair as a person runs them, and an audit of the same replies rated one by one, on the demo's pair about replies: its labels reward exclamation marks and short
 * replies, and the model learned both.
 */

interface Row {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

const models = fileURLToPath(new URL('../../../packages/demo-models/replies/', import.meta.url));
const [base, tuned] = [join(models, 'base'), join(models, 'tuned-planted')];
const root = temporaryFolder();
const at = (name: string): string => join(root, name);

const rows = gunzipSync(readFileSync(join(models, 'pairs.jsonl.gz')))
  .toString()
  .split('\n', 300)
  .map((line) => JSON.parse(line) as Row)
  .filter(({ chosen, rejected }) => chosen.trim() !== '' && rejected.trim() !== '');

const write = (name: string, values: readonly object[]): void =>
  writeFileSync(at(name), values.map((value) => `${JSON.stringify(value)}\n`).join(''));

const run = async (command: string, flags: Parameters<typeof commandLine>[1]): Promise<Ended> => {
  const ended = await runProgram(commandLine(command, flags));
  if (ended.code !== 0) throw new Error(ended.err);
  return ended;
};

const readReport = (out: string) =>
  auditReport.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));

const small = { 'fresh-replies': 80, threads: 1 };
let predicted: Ended;

beforeAll(async () => {
  write('pairs.jsonl', rows);
  const flags = { base, pairs: at('pairs.jsonl'), ...small, out: at('prediction') };
  predicted = await run('predict', flags);
}, PATIENCE);

describe('predict', () => {
  test('says what the pairs would teach, in units, and the audit that checks it', () => {
    expect(predicted.err).toContain(`read ${rows.length} pairs`);
    expect(predicted.out).toMatch(/^DPO on these pairs would teach .*more exclamation marks/m);
    expect(predicted.out).toContain('logits on the labels');
    expect(predicted.out).toMatch(/^ {2}exclamation +\+\d\.\d+ +\+\d\.\d+ +\d+\s% +rewarded$/m);
    expect(predicted.out).toContain(`feedprint audit --base ${base} --tuned TUNED`);
    expect(predicted.out).toContain(`--prediction ${at('prediction')}`);
  });

  test(
    'refuses pairs of one prompt, with what to do',
    async () => {
      write(
        'one.jsonl',
        rows.map((row) => ({ ...row, prompt: 'We tested' })),
      );
      const flags = { base, pairs: at('one.jsonl'), ...small, out: at('refused') };
      const { code, err } = await runProgram(commandLine('predict', flags));
      expect(code).toBe(1);
      expect(err).toMatch(
        /cannot be said: the \d+ pairs of .* answer 1 prompt; give pairs of at least 20/,
      );
    },
    PATIENCE,
  );
});

describe('audit, then repair', () => {
  let answer: string;
  beforeAll(async () => {
    ({ out: answer } = await run('audit', {
      ...{ base, tuned, pairs: at('pairs.jsonl'), prediction: at('prediction') },
      ...{ ...small, quick: true, out: at('run') },
    }));
  }, PATIENCE);

  test('the audit says how right the prediction was, and names the next commands', () => {
    const { replyVerdict } = readReport(at('run'));
    expect(replyVerdict?.prediction?.n).toBeGreaterThan(5);
    expect(answer.replace(/\s+/g, ' ')).toContain(`feedprint repair --run ${at('run')}`);
  });

  test(
    'a repaired file no longer rewards the property, and says which pairs changed',
    async () => {
      const flags = { run: at('run'), property: 'exclamation', out: at('fixed.jsonl') };
      const { out } = await run('repair', flags);
      const changed = Number(/^exchanged the replies of (\d+) pairs of (\d+)/.exec(out)?.[1]);
      expect(changed).toBeGreaterThan(5);
      const [, before, after] = /^ {2}exclamation +(\S+) \[.*?\] +(\S+) \[/m.exec(out) ?? [];
      const value = (text = ''): number => Number(text.replace('−', '-').replace('+', ''));
      expect(value(before)).toBeGreaterThan(0.5);
      expect(Math.abs(value(after))).toBeLessThan(0.1);
      expect(out).toMatch(/pairs\.jsonl is as it was$/m);
      expect(out).toContain(
        `feedprint finetune --model ${base} --method dpo --pairs ${at('fixed.jsonl')}`,
      );
      const fixed = readFileSync(at('fixed.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
      expect(fixed.filter(({ chosen }, i) => chosen !== rows[i]?.chosen).length).toBe(changed);
      const again = await runProgram(commandLine('repair', flags));
      expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already')]);
    },
    PATIENCE,
  );
});

test(
  'replies that were rated one by one are audited without pairs, and no pairs are spoken of',
  async () => {
    write(
      'ratings.jsonl',
      rows.flatMap(({ prompt, chosen, rejected }) => [
        { prompt, completion: chosen, label: true },
        { prompt, completion: rejected, label: false },
      ]),
    );
    const flags = { base, tuned, ratings: at('ratings.jsonl'), ...small };
    const { out, err } = await run('audit', { ...flags, quick: true, out: at('rated') });
    expect(err).toContain(`read ${2 * rows.length} rated replies (${rows.length} wanted)`);
    expect(out).toMatch(/The model learned what your labels\s+reward: .*exclamation/s);
    expect(out).toContain(`${2 * rows.length} rated replies`);
    expect(out).not.toMatch(/labelled pair|feedprint (show|repair)/);
    const report = readReport(at('rated'));
    const exclamation = report.properties?.find(({ name }) => name === 'exclamation');
    expect(exclamation).toMatchObject({ flagged: true, verdict: 'in-data-and-learned' });
    expect(exclamation?.learned?.effect).toBeGreaterThan(0);
  },
  PATIENCE,
);
