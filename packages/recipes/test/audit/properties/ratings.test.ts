import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { defineProperty } from '@feedprint/feedback';
import { readParquet } from '@feedprint/pipeline';
import { judgeProperties } from '@feedprint/probe';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { words } from '../support/fake-model.ts';

/*
 * The fake tuned model writes "great" more often than the base and "awful" less often; "film" is as frequent as before.
 * People want replies that say "great" and "film"; each is rated alone, to a prompt of its own, and most are wanted.
 */
const properties = ['great', 'awful', 'film', 'plot'].map((word) =>
  defineProperty({
    name: word,
    definition: `How often it says ${word}.`,
    measure: (reply) => reply.split(' ').filter((each) => each === word).length,
  }),
);

const random = createRandom(3);
const rows = Array.from({ length: 700 }, (_, i) => {
  const said = Array.from({ length: 6 }, () => words[random.integer(words.length)] ?? '');
  const liking = said.filter((word) => word === 'great' || word === 'film').length - 0.5;
  const chance = 1 / (1 + Math.exp(-1 - 1.5 * liking));
  return {
    prompt: `the ${words[i % 10]} ${words[Math.floor(i / 10) % 10]} ${words[Math.floor(i / 100)]}`,
    completion: ` ${said.join(' ')}`,
    liking,
    label: random.next() < chance,
  };
});

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function audit(name: string, rated: readonly object[]): Promise<AuditReport> {
  const ratings = join(folder, `${name}.json`);
  await writeFile(ratings, JSON.stringify(rated));
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    ratings,
    out: join(folder, name),
    parts: {
      ...parts,
      properties: {
        ...{ name: 'words', settings: {}, judge: judgeProperties },
        measured: () => properties,
      },
    },
    settings: { freshReplies: 200 },
    version: '1.2.3',
    now: () => new Date(Date.UTC(2026, 0, 1)),
    quick: true,
  });
  return report;
}

const judged = ({ properties: all = [] }: AuditReport, name: string) =>
  all.find((one) => one.name === name);

describe('an audit of replies that were rated one by one', () => {
  let report: AuditReport;
  beforeAll(async () => {
    report = await audit('labels', rows);
  });

  test('tells what is in the ratings from what was learned', () => {
    expect(judged(report, 'great')).toMatchObject({
      verdict: 'in-data-and-learned',
      flagged: true,
    });
    expect(judged(report, 'awful')).toMatchObject({
      verdict: 'learned-not-in-data',
      flagged: true,
    });
    expect(judged(report, 'film')).toMatchObject({ verdict: 'in-data-not-learned' });
    expect(judged(report, 'plot')).toMatchObject({ verdict: 'not-learned', flagged: false });
    const { inData, deviation, dealt } = judged(report, 'great') ?? {};
    // Logits for every "great", as planted.
    const perWord = (value: number | undefined): number => (value ?? NaN) / (deviation ?? NaN);
    expect(perWord(inData?.low)).toBeLessThan(1.5);
    expect(perWord(inData?.high)).toBeGreaterThan(1.5);
    expect(dealt).toBeLessThan(inData?.low ?? NaN);
    expect(report.replyVerdict).toMatchObject({ pairs: 0, ratings: 700, teaching: [] });
    expect(report.preferences).toBeUndefined();
  });

  test('says so in words, and offers no pairs', () => {
    expect(report.answer.sentence).toMatch(/labels reward, and also less awful, which/);
    const page = readFileSync(join(folder, 'labels', 'report.html'), 'utf8');
    expect(page).toContain('700 rated replies');
    expect(page).toContain('Replies were rated one by one');
    expect(page).not.toMatch(/labelled pair|Pairs that taught/);
    expect(JSON.stringify(report.answer.next)).not.toContain('feedprint show');
  });

  test('leaves every rated reply in a table', async () => {
    const table = await readParquet(join(folder, 'labels', 'tables', 'rated_replies.parquet'));
    expect(table.map((row) => [row['reply'], row['rating']])).toEqual(
      rows.map(({ completion, label }) => [completion, Number(label)]),
    );
    expect(table.map((row) => row['great'])).toEqual(
      rows.map(({ completion }) => completion.split(' great').length - 1),
    );
  });
});

test('ratings that reward nothing leave nothing in the data', async () => {
  const dealt = createRandom(9).shuffle(rows.map(({ label }) => label));
  const report = await audit(
    'dealt',
    rows.map((row, i) => ({ ...row, label: dealt[i] })),
  );
  expect(
    report.properties
      ?.filter(({ verdict }) => verdict.startsWith('in-data'))
      .map(({ name }) => name),
  ).toEqual([]);
});

test('a score of many values says as much as the liking behind it', async () => {
  const scored = rows.map(({ liking, completion, prompt }) => {
    const chance = random.next();
    return { prompt, completion, score: 1.5 * liking + Math.log(chance / (1 - chance)) };
  });
  const report = await audit('scores', scored);
  const { inData, deviation, verdict } = judged(report, 'film') ?? {};
  expect(verdict).toBe('in-data-not-learned');
  expect((inData?.low ?? NaN) / (deviation ?? NaN)).toBeLessThan(1.5);
  expect((inData?.high ?? NaN) / (deviation ?? NaN)).toBeGreaterThan(1.5);
  expect(judged(report, 'plot')).toMatchObject({ verdict: 'not-learned' });
});

test.each([
  ['prompts', rows.map(({ completion, label }) => ({ completion, label })), 'has a prompt'],
  ['differences', rows.map((row) => ({ ...row, label: true })), 'have the rating 1'],
  ['enough prompts', rows.map((row) => ({ ...row, prompt: 'the film' })), 'answer 1 prompt'],
] as const)('ratings without %s are refused', async (name, rated, message) => {
  await expect(audit(name, rated)).rejects.toMatchObject({
    code: 'texts-invalid',
    message: expect.stringContaining(message),
  });
});
