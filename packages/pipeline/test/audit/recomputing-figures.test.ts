import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { AuditReport } from '@feedprint/core';
import { runAudit } from '../../src/audit/run-audit.ts';
import { query } from '../../src/tables.ts';
import type { TableRow } from '../../src/tables.ts';
import { temporaryFolder, tickingClock } from '../temporary-folder.ts';
import { createFakeModel, pushed } from './support/fake-model.ts';
import { createFakeParts } from './support/fake-parts.ts';

const guide = readFileSync(
  new URL('../../../../docs/guides/recomputing-figures.md', import.meta.url),
  'utf8',
);
const statements = guide
  .split('\n')
  .flatMap((line) => line.match(/^\|.*\| `(?<sql>(?:SELECT|WITH) .*)` \|$/)?.groups?.sql ?? []);

let folder: string;
let report: AuditReport;

beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(join(folder, 'texts.txt'), lines.join('\n'));
  const plain = createFakeParts();
  const result = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out: join(folder, 'run'),
    parts: createFakeParts({
      // With gradients, so that the change is defined.
      loadModel: (_, role) => {
        const model = createFakeModel(role, role === 'base' ? {} : pushed);
        const gradients = async (rows: Parameters<typeof model.run>[0]) =>
          (await model.run(rows, { capture: ['blocks.0.hook_mlp_out'] })).activations;
        return Promise.resolve({ ...model, gradients });
      },
      statistics: {
        ...plain.statistics,
        attributeChange: (evidence) => {
          const found = plain.statistics.attributeChange(evidence);
          found.contributions.data.forEach(
            (_, i) => (found.contributions.data[i] = Math.sin(i + 1)),
          );
          return found;
        },
      },
    }),
    settings: { widths: [1, 2], newTokens: 6 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  report = result.report;
});

/** Rows of the guide's statement number `index`, first column -> second. */
async function recomputed(index: number): Promise<TableRow[]> {
  const files = await readdir(join(folder, 'run', 'tables'));
  const tables = Object.fromEntries(
    files.map((file) => [basename(file, '.parquet'), join(folder, 'run', 'tables', file)]),
  );
  const sql = (statements[index] as string).replaceAll(/'tables\/([\w-]+)\.parquet'/g, '"$1"');
  return (await query({ tables, sql })) as TableRow[];
}

const valueOf = (rows: readonly TableRow[], key: string): number => {
  const found = rows.find((row) => Object.values(row)[0] === key);
  return Number(Object.values(found ?? {})[1]);
};

test('the statements of the guide give the figures of the report', async () => {
  expect(statements.length).toBe(8);
  const [means, changes, ranks, odds, controls, carries, change, flagged] = (await Promise.all(
    statements.map((_, i) => recomputed(i)),
  )) as [
    TableRow[],
    TableRow[],
    TableRow[],
    TableRow[],
    TableRow[],
    TableRow[],
    TableRow[],
    TableRow[],
  ];
  for (const run of report.validation.ablation) {
    expect(valueOf(means, run.name)).toBeCloseTo(run.reward.value as number, 9);
    expect(valueOf(changes, run.name)).toBeCloseTo(run.reward.difference?.value ?? 0, 9);
  }
  const related = report.validation.ablation.find(({ kind }) => kind === 'related');
  expect(Number(Object.values(ranks[0] ?? {})[0])).toBeCloseTo(related?.reward.p as number, 12);
  expect(report.features.length).toBe(4);
  for (const feature of report.features) {
    if (feature.oddsRatio !== null) {
      expect(valueOf(odds, feature.id)).toBeCloseTo(feature.oddsRatio, 9);
    }
    expect(valueOf(controls, feature.id)).toBeCloseTo(feature.enrichmentControl?.p as number, 12);
    expect(valueOf(carries, feature.id)).toBeCloseTo(feature.carries, 6);
    expect(feature.change).not.toBe(0);
    expect(valueOf(change, feature.id)).toBeCloseTo(feature.change as number, 9);
  }
  expect(valueOf(controls, 'related')).toBeCloseTo(
    report.validation.enrichment.control?.p as number,
    12,
  );
  expect(Number(Object.values(flagged[0] ?? {})[0])).toBe(report.attribution.contradicting.flagged);
});
