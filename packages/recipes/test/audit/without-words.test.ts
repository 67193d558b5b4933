import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { auditReport } from '../../src/audit/audit-report.ts';
import type { AuditReport } from '../../src/audit/audit-report.ts';
import { runAudit } from '../../src/audit/run-audit.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeChanges } from './support/fake-changes.ts';
import { createFakeParts } from './support/fake-parts.ts';

const pairs = [
  { split: 'train', prompt: 'the film', chosen: ' was good', rejected: ' was bad' },
  { split: 'test', prompt: 'the plot', chosen: ' nice', rejected: ' awful plot was sad' },
];

let folder: string;

/** An audit of pairs alone: nothing is stated of words, and nobody explains features. */
async function audit(out: string, quick = false): Promise<{ report: AuditReport; page: string }> {
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const { report, html } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    pairs: join(folder, 'pairs.json'),
    out,
    parts: { ...parts, changes: fakeChanges({}) },
    settings: { widths: [1, 2] },
    version: '1.2.3',
    quick,
  });
  return { report, page: readFileSync(html, 'utf8') };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'pairs.json'), JSON.stringify(pairs));
});

const stagesOf = (out: string): string[] =>
  readdirSync(join(out, 'stages')).map((name) => name.replace(/-[0-9a-f]+$/, ''));
/** What only words can answer. */
const ofWords = ['words', 'verdict', 'replies', 'agreement', 'attribution', 'features', 'causes'];

describe('an audit to which nothing is stated of words', () => {
  test('answers what it can, and has no part, section, table or stage of the rest', async () => {
    const out = join(folder, 'run');
    const { report, page } = await audit(out);
    expect(auditReport.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))).toEqual(
      report,
    );
    for (const key of ['preferences', 'pairProbes', 'divergence', 'saes', 'heatTexts', 'changes']) {
      expect(report).toHaveProperty(key);
    }
    for (const key of [...ofWords, 'feedback', 'pending']) expect(report).not.toHaveProperty(key);
    expect(page).toContain('id="preferences"');
    const unwanted = ['id="words"', 'id="replies"', 'id="features"', 'stated feedback'];
    expect(unwanted.filter((said) => page.includes(said))).toEqual([]);
    expect([...report.summary, ...report.answer.restsOn].join()).not.toContain('undefined');
    const tables = readdirSync(join(out, 'tables'));
    expect(tables).toContain('pairs.parquet');
    expect(tables).not.toContain('words.parquet');
    const stages = stagesOf(out).join();
    expect(stages).toContain('replies-of-pairs');
    for (const stage of ['words', 'label', 'placebos', 'validate']) {
      expect(stages).not.toContain(stage);
    }
  });

  test('answers the pairs first, without a dictionary or a pass over the texts', async () => {
    const out = join(folder, 'quick');
    const { report } = await audit(out, true);
    expect(stagesOf(out).sort()).toEqual([
      ...['components', 'diverge', 'preferences', 'replies-of-pairs'],
    ]);
    expect(report).toHaveProperty('preferences');
    expect(report.pending).toEqual(expect.arrayContaining(['Probes', 'Dictionaries', 'Texts']));
    expect(report.pending).not.toContain('Words');
  });
});
