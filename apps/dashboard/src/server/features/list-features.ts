import { z } from 'zod';
import { featureRowSchema } from '../../api/features.ts';
import type { FeatureQuery, FeatureRow } from '../../api/features.ts';
import { queryTables } from '../runs/query-tables.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';

const counted = featureRowSchema.extend({ total: z.int() });

/** What a list asks for is a value from a fixed set: the only parts of the SQL that vary. */
const columns: Readonly<Record<FeatureQuery['sort'], string>> = {
  carries: 'abs(carries)',
  density: 'density',
  base: 'base',
  large: 'large',
  labelScore: 'labelScore',
  ablationEffect: 'abs(ablationEffect)',
  index: 'index',
};

/** Features that carry most of a word's shift, looked for by the word. */
const BY_WORD = 50;

/** Features of the tuned model's small dictionaries, with what the audit says of those that it looked at. */
export async function listFeatures(
  run: RunFolder,
  query: FeatureQuery,
): Promise<{ readonly total: number; readonly features: FeatureRow[] }> {
  const labelled = await hasTable(run, 'features');
  const byWord = query.token !== '' && (await hasTable(run, 'attribution'));
  const rows = await queryTables(run, {
    tables: [
      'sae_features',
      'matches',
      ...(labelled ? ['features'] : []),
      ...(byWord ? ['attribution'] : []),
    ],
    sql: `${all(labelled)}
      SELECT *, CAST(count(*) OVER () AS INTEGER) AS total FROM listed
      WHERE ($1 = '' OR contains(lower(coalesce(label, '')), lower($1)) OR contains(lower(site || '/' || index), lower($1)))
        AND ($2 = '' OR ${byWord ? inAttribution : 'contains(lower(label), lower($2))'})
        AND ($3 = '' OR site = $3) AND density BETWEEN $4 AND $5
        ${query.labelled === 'labelled' ? 'AND label IS NOT NULL' : ''}
      ORDER BY ${columns[query.sort]} ${query.order === 'up' ? 'ASC' : 'DESC'} NULLS LAST, site, index
      LIMIT $6 OFFSET $7`,
    parameters: [
      query.search,
      query.token.trim(),
      query.site,
      query.minDensity,
      query.maxDensity,
      query.limit,
      query.offset,
    ],
    row: counted,
  });
  return {
    total: rows[0]?.total ?? 0,
    features: rows.map(({ total: _total, ...row }) => row),
  };
}

/** Sites with a dictionary of the tuned model. */
export async function sitesWithFeatures(run: RunFolder): Promise<string[]> {
  const rows = await queryTables(run, {
    tables: ['saes'],
    sql: `SELECT DISTINCT site FROM saes WHERE model = 'tuned' ORDER BY site`,
    row: z.object({ site: z.string() }),
  });
  return rows.map(({ site }) => site);
}

/** One row a feature. An audit that has not looked at any says nothing of them but density and matches. */
export const all = (labelled: boolean): string => `
  WITH small AS (
    SELECT site, min(dSae) AS dSae FROM sae_features WHERE model = 'tuned' GROUP BY site
  ), listed AS (
    SELECT s.site, s.feature AS index, s.density, m.base, m.large,
      ${
        labelled
          ? 'f.label, f.labelScore, f.related, f.carries, f.ablationEffect'
          : `CAST(NULL AS VARCHAR) AS label, CAST(NULL AS DOUBLE) AS labelScore, CAST(NULL AS BOOLEAN) AS related,
             CAST(NULL AS DOUBLE) AS carries, CAST(NULL AS DOUBLE) AS ablationEffect`
      }
    FROM sae_features s JOIN small USING (site, dSae)
    LEFT JOIN matches m ON m.site = s.site AND m.feature = s.feature
    ${labelled ? 'LEFT JOIN features f ON f.site = s.site AND f.index = s.feature' : ''}
    WHERE s.model = 'tuned'
  )`;

const inAttribution = `(site || '/' || index) IN (
  SELECT feature FROM attribution WHERE lower(trim(word)) = lower($2) ORDER BY abs(regression) DESC LIMIT ${BY_WORD}
)`;
