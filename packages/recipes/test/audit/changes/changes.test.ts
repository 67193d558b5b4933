import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import { readChangeScores } from '../../../src/audit/changes/tables.ts';
import type { AuditOptions } from '../../../src/audit/open-audit.ts';
import { hashTree, temporaryFolder, tickingClock } from '../../temporary-folder.ts';
import { idOf, stated } from '../support/fake-model.ts';
import { fakeChanges } from '../support/fake-changes.ts';
import type { Asked } from '../support/fake-changes.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';
import type { WholeReport } from '../support/run-audit.ts';

const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];

let folder: string;
const optionsFor = (out: string, changes: Partial<AuditOptions> = {}): AuditOptions => ({
  base: 'base',
  tuned: 'tuned',
  texts: join(folder, 'texts.txt'),
  out: join(folder, out),
  parts: createFakeParts(),
  settings: { newTokens: 5, sampleTokens: 1000, widths: [1, 2] },
  question: 'is it about praise?',
  version: '1.2.3',
  now: tickingClock(),
  ...changes,
});

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.txt'), `${lines.join('\n')}\n`);
});

describe('changes of a model that shows no residual stream', () => {
  const asked: Asked = { texts: [], words: [], follows: [], rows: 0 };
  const events: RunEventInput[] = [];
  let report: WholeReport;

  beforeAll(async () => {
    const parts = createFakeParts({ changes: fakeChanges(asked) });
    const onEvent = (event: RunEventInput): void => void events.push(event);
    ({ report } = await runAudit(optionsFor('run', { parts, onEvent })));
  });

  test('are measured over all texts where these are few, about the words that feedback scores', () => {
    expect(asked.texts).toHaveLength(4);
    expect(asked.words).toEqual(
      Object.keys(stated)
        .map(idOf)
        .sort((a, b) => a - b),
    );
  });

  test('tell which word follows each row, for dictionaries', () => {
    const next = asked.texts.flatMap((text) => Array.from(text).slice(1));
    expect(asked.rows).toBe(next.length);
    expect(asked.follows).toEqual(next.map((id) => asked.words.indexOf(id)));
  });

  test('score words by their KL and the norms of differences, not by a lens', async () => {
    const scores = await readChangeScores(join(folder, 'run'));
    const of = (method: string, word: string) =>
      scores.find((score) => score.method === method && score.word === word);
    expect([...new Set(scores.map(({ method }) => method))]).toEqual([
      'kl',
      'log-ratio',
      'difference-before',
      'difference-on',
    ]);
    expect(of('kl', 'awful')).toMatchObject({ token: 6, value: 6 / asked.rows, signed: true });
    expect(of('log-ratio', 'awful')).toMatchObject({ value: 3, signed: true });
    // Never said by the tuned model, so that there is no ratio.
    expect(of('log-ratio', 'bad')).toBeUndefined();
    expect(of('difference-before', 'great')).toMatchObject({ value: 6, signed: false });
    // It only begins a text.
    expect(of('difference-before', 'nice')).toBeUndefined();
    expect(of('difference-on', 'nice')).toMatchObject({ value: 3 });
  });

  test('are in the report, positions by the texts of the audit', () => {
    expect(report.changes).toMatchObject({
      texts: 4,
      positions: asked.rows,
      kl: { mean: 0.5, reverse: 0.5 },
      positionsMost: [{ text: 0, context: [' the', ' film'], next: ' was', gained: ' good' }],
      sites: [{ layer: 0, relativeL2: 0.5, meanDifference: 5 }],
      directions: { aboutZero: [], aboutMean: [] },
      dictionaries: [],
      // No word follows ten times.
      methods: [],
    });
    expect(events).toContainEqual({ type: 'stage-finished', stage: 'changes', reused: false });
  });

  test('are the same bytes in another run', async () => {
    const parts = createFakeParts({ changes: fakeChanges({}) });
    await runAudit(optionsFor('again', { parts }));
    const of = (run: string) => hashTree(join(folder, run, 'stages'));
    expect(await of('again')).toEqual(await of('run'));
  });
});

describe('the tokens over which changes are measured', () => {
  test('are those of whole texts, drawn by the seed', async () => {
    const drawn = new Set<string>();
    for (const seed of [0, 1, 2, 3, 4, 5]) {
      const asked: Partial<Asked> = {};
      const parts = createFakeParts({ changes: fakeChanges(asked) });
      const settings = { newTokens: 5, sampleTokens: 1000, changeTokens: 4, seed };
      const { report } = await runAudit(optionsFor(`seed-${seed}`, { parts, settings }));
      expect(asked.texts?.length).toBeLessThanOrEqual(2);
      const text = report.changes?.positionsMost[0]?.text as number;
      expect(Array.from(asked.texts?.[0] ?? [])).toEqual(
        lines[text]?.split(' ').map((word) => idOf(word)),
      );
      drawn.add(JSON.stringify(asked.texts));
    }
    expect(drawn.size).toBeGreaterThan(1);
  });

  test('are none where none are wanted, or nothing measures them', async () => {
    const parts = createFakeParts({ changes: fakeChanges({}) });
    const settings = { newTokens: 5, sampleTokens: 1000, changeTokens: 0 };
    for (const [run, options] of [
      ['none', { parts, settings }],
      ['without', {}],
    ] as const) {
      const { report } = await runAudit(optionsFor(run, options));
      expect([report.changes, report.shift]).toEqual([undefined, undefined]);
      expect(existsSync(join(folder, run, 'tables', 'changes.parquet'))).toBe(false);
    }
  });
});
