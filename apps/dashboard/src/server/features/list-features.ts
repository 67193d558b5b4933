import { z } from 'zod';
import type { FeatureQuery, FeatureRow } from '../../api/features.ts';
import { queryTables } from '../runs/query-tables.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { readFeatureTable } from './feature-table.ts';

/** Features that carry most of a word's shift, looked for by the word. */
const BY_WORD = 50;

/** Features of the tuned model's small dictionaries that fit a query, in its order. */
export async function listFeatures(
  run: RunFolder,
  { offset, limit, ...query }: FeatureQuery,
): Promise<{ readonly total: number; readonly features: FeatureRow[] }> {
  const table = await readFeatureTable(run);
  const byWord = query.token === '' ? undefined : await featuresOfWord(run, query.token.trim());
  const search = query.search.toLowerCase();
  const found = table
    .sorted(query.sort, query.order)
    .filter(
      (row) =>
        row.density >= query.minDensity &&
        row.density <= query.maxDensity &&
        (query.site === '' || row.site === query.site) &&
        (query.labelled === 'all' || row.label !== null) &&
        (search === '' || textOf(row).includes(search)) &&
        (byWord === undefined || byWord(row)),
    );
  return { total: found.length, features: found.slice(offset, offset + limit) };
}

const textOf = ({ label, site, index }: FeatureRow): string =>
  `${site}/${index} ${label ?? ''}`.toLowerCase();

/** Whether a feature carries much of a word's shift; where the audit did not say, whether its label names the word. */
async function featuresOfWord(run: RunFolder, word: string): Promise<(row: FeatureRow) => boolean> {
  if (!(await hasTable(run, 'attribution'))) {
    return ({ label }) => label?.toLowerCase().includes(word.toLowerCase()) ?? false;
  }
  const rows = await queryTables(run, {
    tables: ['attribution'],
    sql: `SELECT feature FROM attribution WHERE lower(trim(word)) = lower($1)
      ORDER BY abs(regression) DESC LIMIT ${BY_WORD}`,
    parameters: [word],
    row: z.object({ feature: z.string() }),
  });
  const ids = new Set(rows.map(({ feature }) => feature));
  return ({ site, index }) => ids.has(`${site}/${index}`);
}
