import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import { auditReport } from '../../src/audit/audit-report.ts';
import type { AuditReport } from '../../src/audit/audit-report.ts';
import { runAudit } from '../../src/audit/run-audit.ts';
import type { AuditRunOptions } from '../../src/audit/run-audit.ts';
import { hashTree, temporaryFolder } from '../temporary-folder.ts';
import { createFakeParts } from './support/fake-parts.ts';

let texts: string;

beforeAll(async () => {
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
});

const newRun = async (): Promise<string> => join(await temporaryFolder(), 'run');

const audit = (out: string, changes: Partial<AuditRunOptions> = {}) =>
  runAudit({
    base: 'base',
    tuned: 'tuned',
    texts,
    out,
    parts: createFakeParts(),
    settings: { widths: [1, 2], randomAblations: 2 },
    question: 'is it about praise?',
    version: '1.2.3',
    command: `feedprint audit --out ${out}${changes.quick ? ' --quick' : ''}`,
    now: () => new Date(Date.UTC(2026, 0, 1)),
    ...changes,
  });

const written = (out: string): unknown =>
  JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
const page = (out: string): string => readFileSync(join(out, 'report.html'), 'utf8');

/** What a run leaves that must not depend on how it came about. */
async function outcome(out: string) {
  const { seconds: _, command: __, ...report } = auditReport.parse(written(out));
  const hashes = Object.entries(await hashTree(out)).filter(([name]) =>
    /^(stages|tables)\b|^run\.json$/.test(name),
  );
  return { report: { ...report, answer: { ...report.answer, next: [] } }, hashes };
}

describe('the first findings', () => {
  test('are in the folder before any dictionary is trained, and the page says what is still to come', async () => {
    const out = await newRun();
    const events: RunEventInput[] = [];
    const seen: { first: AuditReport; page: string; done: number }[] = [];
    const { report } = await audit(out, {
      onEvent: (event) => void events.push(event),
      onFirst: ({ report: first, html }) => {
        expect(html).toBe(join(out, 'report.html'));
        expect(auditReport.parse(written(out))).toEqual(first);
        seen.push({ first, page: page(out), done: events.length });
      },
    });
    expect(seen.length).toBe(1);
    const [{ first, page: early, done }] = seen as [(typeof seen)[0]];
    const before = events
      .slice(0, done)
      .flatMap((event) => (event.type === 'stage-finished' ? [event.stage] : []));
    expect(before).toEqual(['capture', 'placebos', 'words', 'replies', 'diverge', 'components']);
    expect(first.words).toEqual(report.words);
    expect(first.answer.sentence).toBe(report.answer.sentence);
    expect(first.pending).toContain('Features');
    // No pairs were given, so none are waited for.
    expect(first.pending).not.toContain('Preferences');
    expect(early).toContain('Still to come');
    expect(page(out)).not.toContain('Still to come');
    expect(report).not.toHaveProperty('pending');
  });

  test('are made in the order in which the run announced its stages', async () => {
    const events: RunEventInput[] = [];
    await audit(await newRun(), { onEvent: (event) => void events.push(event) });
    const [started] = events;
    const finished = events.flatMap((event) =>
      event.type === 'stage-finished' ? [event.stage] : [],
    );
    expect(started).toMatchObject({ type: 'run-started', stages: finished });
  });
});

describe('a quick audit', () => {
  test('stops there, and the same audit goes on in its folder to the same bytes', async () => {
    const [whole, quick] = [await newRun(), await newRun()];
    await audit(whole);
    const { report } = await audit(quick, { quick: true });
    expect(report).not.toHaveProperty('agreement');
    expect(report.answer.next[0]?.command).toBe(`feedprint audit --out ${quick}`);
    const events: RunEventInput[] = [];
    await audit(quick, { onEvent: (event) => void events.push(event) });
    const reused = events.flatMap((event) =>
      event.type === 'stage-finished' && event.reused ? [event.stage] : [],
    );
    expect(reused).toEqual(['capture', 'placebos', 'words', 'replies', 'diverge', 'components']);
    expect(basename(dirname(quick))).not.toBe(basename(dirname(whole)));
    expect(await outcome(quick)).toEqual(await outcome(whole));
  });

  test('leaves the report of a whole one in its place', async () => {
    const out = await newRun();
    await audit(out);
    const before = page(out);
    const { report } = await audit(out, { quick: true });
    expect(report).not.toHaveProperty('agreement');
    expect(page(out)).toBe(before);
  });
});
