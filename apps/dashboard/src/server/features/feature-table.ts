import { stat } from 'node:fs/promises';
import { featureRowSchema } from '../../api/features.ts';
import type { FeatureQuery, FeatureRow } from '../../api/features.ts';
import { createKeeper } from '../models/keeper.ts';
import { queryTables } from '../runs/query-tables.ts';
import { checkOwn, hasTable, tablePath } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';

/** The features of a run in memory: one is looked up, and a list is sorted, much more often than they change. */
export interface FeatureTable {
  /** Sites with features. */
  readonly sites: readonly string[];
  find(site: string, index: number): FeatureRow | undefined;
  /** Number of features of a site. */
  count(site: string): number;
  /** All of them; what has no number comes last. */
  sorted(by: FeatureQuery['sort'], order: FeatureQuery['order']): readonly FeatureRow[];
}

/** Runs whose features are kept. */
const KEPT = 2;

const kept = createKeeper(KEPT, readTable);

/** The features of the tuned model's small dictionaries, with what the audit says of those that it looked at. */
export async function readFeatureTable(run: RunFolder): Promise<FeatureTable> {
  const stamps = ['sae_features', 'matches', 'features'].map((table) => stampOf(run, table));
  return kept.get([run.folder, ...(await Promise.all(stamps))].join('\n'), run);
}

async function stampOf(run: RunFolder, table: string): Promise<string> {
  if (!(await hasTable(run, table))) return '-';
  const { mtimeMs, size } = await stat(await tablePath(run, table));
  return `${mtimeMs} ${size}`;
}

async function readTable(run: RunFolder): Promise<FeatureTable> {
  const labelled = await hasTable(run, 'features');
  const read = await queryTables(run, {
    tables: ['sae_features', 'matches', ...(labelled ? ['features'] : [])],
    sql: all(labelled),
    row: featureRowSchema.omit({ probe: true }),
  });
  const counts = new Map<string, number>();
  for (const { site } of read) counts.set(site, (counts.get(site) ?? 0) + 1);
  const weights = labelled ? await weightsOf(run, counts) : undefined;
  const rows = read.map((row) => ({
    ...row,
    probe: weights?.get(`${row.site}/${row.index}`) ?? null,
  }));
  const byId = new Map(rows.map((row) => [`${row.site}/${row.index}`, row]));
  const orders = new Map<string, readonly FeatureRow[]>();
  return {
    sites: [...new Set(rows.map(({ site }) => site))],
    find: (site, index) => byId.get(`${site}/${index}`),
    count: (site) => counts.get(site) ?? 0,
    sorted: (by, order) => {
      const key = `${by} ${order}`;
      const known = orders.get(key) ?? rows.toSorted(comparing(by, order));
      orders.set(key, known);
      return known;
    },
  };
}

/** Weights in a probe of the stated feedback; undefined where the run left nothing to fit one on. */
async function weightsOf(
  run: RunFolder,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { readProbeWeights } = await import('@feedprint/recipes'); // Heavy: loaded when first needed.
  try {
    await checkOwn(run);
    return await readProbeWeights(run.folder, sizes);
  } catch {
    return undefined; // Stages that were removed or are of another version: the rest of the list stands.
  }
}

/** Larger sizes first, or smaller ones; ties as they were. */
function comparing(
  by: FeatureQuery['sort'],
  order: FeatureQuery['order'],
): (a: FeatureRow, b: FeatureRow) => number {
  const sign = order === 'up' ? 1 : -1;
  const nothing = sign * Infinity;
  const size = (row: FeatureRow): number => {
    const value = row[by];
    return value === null ? nothing : Math.abs(value);
  };
  return (a, b) => {
    const [x, y] = [size(a), size(b)];
    return x === y ? 0 : sign * (x - y);
  };
}

/** One row a feature. An audit that has not looked at any says nothing of them but density and matches. */
const all = (labelled: boolean): string => `
  WITH small AS (
    SELECT site, min(dSae) AS dSae FROM sae_features WHERE model = 'tuned' GROUP BY site
  )
  SELECT s.site, s.feature AS index, s.density, m.base, m.large,
    ${
      labelled
        ? 'f.label, f.labelScore, f.related, f.carries, f.ablationEffect'
        : 'NULL AS label, NULL AS labelScore, NULL AS related, NULL AS carries, NULL AS ablationEffect'
    }
  FROM sae_features s JOIN small USING (site, dSae)
  LEFT JOIN matches m ON m.site = s.site AND m.feature = s.feature
  ${labelled ? 'LEFT JOIN features f ON f.site = s.site AND f.index = s.feature' : ''}
  WHERE s.model = 'tuned' ORDER BY s.site, s.feature`;
