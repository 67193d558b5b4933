import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { query, readParquet } from '@feedprint/pipeline';
import type { TableRow } from '@feedprint/pipeline';
import { explainLabels } from '@feedprint/probe';
import type { LabelModel } from '@feedprint/probe';
import { z } from 'zod';
import { readAuditReport } from '../audit/read-report.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import { independentGroups } from '../audit/independent-groups.ts';
import { numbered } from '../audit/linked-replies.ts';

/** What an audit made of the labels of its pairs. */
export interface AuditedLabels {
  readonly report: AuditReport;
  readonly judged: NonNullable<AuditReport['properties']>;
  readonly labels: LabelModel;
  /** Index in the file of each compared pair. */
  readonly indices: readonly number[];
  /** SHA-256 of the file of pairs. */
  readonly sha256: string;
}

/**
 * Reads from an audit's tables what its labels depend on, as it was found. Throws `run-invalid` for a folder without an
 * audit of pairs.
 */
export async function readAuditedLabels(run: string): Promise<AuditedLabels> {
  const report = await readAuditReport(run);
  const file = (table: string): string => join(run, 'tables', `${table}.parquet`);
  const { properties: judged } = report;
  if (!judged || !existsSync(file('pair_properties'))) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `the run ${run} has judged no properties of replies`,
      remedy: 'audit preference pairs (feedprint audit --pairs)',
    });
  }
  const fresh = await readParquet(file('fresh_replies'));
  // What was found in half of the pairs says nothing of the labels of that half.
  const names = judged.flatMap(({ name, resembles }) => (resembles ? [] : [name]));
  const columns = (rows: readonly TableRow[]): Float64Array[] =>
    names.map((name) => Float64Array.from(rows, (row) => (row[name] as number | null) ?? NaN));
  const of = (model: string): TableRow[] => fresh.filter((row) => row['model'] === model);
  const ratio = (row: TableRow): number => row['R'] as number;
  const pairs = (await query({
    tables: { pairs: file('pair_properties') },
    sql: 'FROM pairs ORDER BY pair, side',
  })) as TableRow[];
  const side = (name: string): TableRow[] => pairs.filter((row) => row['side'] === name);
  const [chosen, rejected] = [side('chosen'), side('rejected')];
  const records = chosen.map((row, i) => ({
    chosen: row['reply'] as string,
    rejected: rejected[i]?.['reply'] as string,
  }));
  const labels = explainLabels({
    names,
    fresh: {
      base: columns(of('base')),
      tuned: columns(of('tuned')),
      ratios: {
        base: Float64Array.from(of('base'), ratio),
        tuned: Float64Array.from(of('tuned'), ratio),
      },
      prompts: numbered(of('base').map((row) => row['prompt_text'])),
    },
    labels: {
      chosen: columns(chosen),
      rejected: columns(rejected),
      weights: Float64Array.from(chosen, (row) => row['weight'] as number),
      ties: Uint8Array.from(chosen, (row) => Number(row['tie'])),
      groups: independentGroups(
        records.map((pair) => [pair.chosen, pair.rejected]),
        numbered(chosen.map((row) => row['prompt_text'])),
      ).groups,
    },
  });
  return {
    ...{ report, judged, labels },
    indices: chosen.map((row) => row['pair'] as number),
    sha256: await hashOfPairs(run),
  };
}

const description = z.object({ inputs: z.object({ pairs: z.string() }) });

async function hashOfPairs(run: string): Promise<string> {
  return description.parse(JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))).inputs.pairs;
}
