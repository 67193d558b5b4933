import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import type { FeedbackEffect } from '@feedprint/probe';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';

let texts: string;

beforeAll(async () => {
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
});

async function audit(verdict: FeedbackEffect['verdict']) {
  const { statistics } = createFakeParts();
  const events: RunEventInput[] = [];
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts,
    out: join(await temporaryFolder(), 'run'),
    parts: createFakeParts({
      statistics: {
        ...statistics,
        judge: (given) => {
          const found = statistics.judge(given);
          return found.verdict === 'learned' ? { ...found, verdict } : found;
        },
      },
    }),
    settings: { widths: [1, 2], randomAblations: 2 },
    question: 'is it about praise?',
    version: '1.2.3',
    onEvent: (event) => void events.push(event),
  });
  return { report, findings: events.filter(({ type }) => type === 'finding') };
}

describe('words are called mis-learned', () => {
  test('where the feedback was learned', async () => {
    const { report, findings } = await audit('learned');
    expect(report.verdict.words).toMatchObject({ verdict: 'learned', n: 6 });
    expect(report.words.filter(({ flagged }) => flagged).map(({ word }) => word)).toEqual(['nice']);
    expect(report.attribution.contradicting.words).toBe(1);
    expect(findings.length).toBe(1);
  });

  test.each(['unrelated', 'reversed', 'undecided'] as const)(
    'nowhere else: %s',
    async (verdict) => {
      const { report, findings } = await audit(verdict);
      expect(report.verdict.words.verdict).toBe(verdict);
      expect(report.words.some(({ flagged }) => flagged)).toBe(false);
      // The ranking stays.
      expect(report.words[0]?.word).toBe('nice');
      expect(report.estimators.map(({ flagged }) => flagged)).toEqual([0]);
      expect(report.attribution.contradicting.words).toBe(0);
      expect(findings).toEqual([]);
    },
  );
});
