import { z } from 'zod';
import type { Feature } from '../../api/features.ts';
import { toRefused } from '../http/respond.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import { queryTables } from '../runs/query-tables.ts';
import { readReport } from '../runs/read-report.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { evidenceOf } from './evidence-of.ts';
import { examplesOf, nothing } from './examples-of.ts';
import { readFeatureTable } from './feature-table.ts';
import { nearOf } from './near-features.ts';

/** Words named whose shift a feature carries. */
const WORDS = 12;

/** A feature of a site. */
export interface FeaturePlace {
  readonly site: string;
  readonly index: number;
}

/** Everything that a run knows of a feature, and where it is active among the captured tokens; undefined if there is none. */
export async function readFeature(
  models: ModelDesk,
  run: RunFolder,
  place: FeaturePlace,
): Promise<Feature | undefined> {
  const table = await readFeatureTable(run);
  const row = table.find(place.site, place.index);
  if (!row) return undefined;
  const missing: Feature['missing'] = [];
  const part = async <T>(what: string, work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      const refused = toRefused(error);
      if (!refused) throw error;
      missing.push({ what, why: refused.message });
      return null;
    }
  };
  const report = await part('what the report says of it', readReport(run));
  const known = report?.features?.find(
    ({ site, index }) => site === place.site && index === place.index,
  );
  const found =
    (await part('examples of where it is active', examplesOf(models, run, place))) ?? nothing(null);
  return {
    ...row,
    of: table.count(place.site),
    near: await part('features like it', nearOf(models, run, { ...place, table })),
    words: (await part('the words whose shift it carries', wordsOf(run, place))) ?? [],
    tokens: known?.tokens ?? null,
    onFeedback: known?.onFeedback ?? null,
    oddsRatio: known?.oddsRatio ?? null,
    histogram: known?.histogram ?? found.histogram,
    rows: found.rows,
    examples: found.examples.length > 0 ? found.examples : (known?.examples ?? []).map(asExample),
    without: found.without,
    evidence:
      report && known
        ? await part('the evidence of its label', evidenceOf(run, place, report))
        : null,
    missing,
  };
}

const wordRow = z.object({ word: z.string(), stated: z.number(), regression: z.number() });

async function wordsOf(run: RunFolder, { site, index }: FeaturePlace): Promise<Feature['words']> {
  if (!(await hasTable(run, 'attribution'))) return [];
  return queryTables(run, {
    tables: ['attribution'],
    sql: `SELECT word, stated, regression FROM attribution WHERE feature = $1 AND regression <> 0
      ORDER BY abs(regression) DESC, word LIMIT ${WORDS}`,
    parameters: [`${site}/${index}`],
    row: wordRow,
  });
}

const asExample = ({
  tokens,
  activations,
}: {
  readonly tokens: string[];
  readonly activations: number[];
}): Feature['examples'][number] => ({
  text: null,
  quantile: 0,
  activation: Math.max(0, ...activations),
  tokens,
  activations,
});
