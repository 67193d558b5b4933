import { z } from 'zod';
import type { Feature } from '../../api/features.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import { queryTables } from '../runs/query-tables.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import type { FeaturePlace } from './read-feature.ts';

/** Tokens shown before and after the one that a feature is active at. */
const BEFORE = 12;
const AFTER = 6;

/** Where a feature is active. */
type Found = Pick<Feature, 'histogram' | 'rows' | 'examples' | 'without'>;

export const nothing = (without: string | null): Found => ({
  histogram: null,
  rows: null,
  examples: [],
  without,
});

/** Where a feature is active among the tokens that the audit captured, with their texts; or why there are none. Refuses where that cannot be read. */
export async function examplesOf(
  models: ModelDesk,
  run: RunFolder,
  { site, index }: FeaturePlace,
): Promise<Found> {
  const activity = await models.activity(run, site);
  if (!activity) return nothing('The run has no SAE at this site.');
  const tokenizer = await models.tokenizer(run);
  const places = activity.places(index);
  const texts = await tokensOf(run, [...new Set(places.map(({ text }) => text))]);
  return {
    histogram: activity.histogram(index),
    rows: activity.rows,
    without: places.length === 0 ? 'It is active at none of the captured tokens.' : null,
    examples: places.map(({ text, position, activation, quantile }) => {
      const row = texts.get(text) ?? [];
      const from = Math.max(0, position - BEFORE);
      const shown = row.slice(from, position + AFTER + 1);
      const around = activity.around(index, text);
      return {
        text,
        quantile,
        activation,
        tokens: shown.map((id) => tokenizer.tokenText(id)),
        activations: shown.map((_, i) => around.get(from + i) ?? null),
      };
    }),
  };
}

const tokenRow = z.object({ text: z.int(), ids: z.array(z.int()) });

/** Token ids of texts. */
export async function tokensOf(
  run: RunFolder,
  texts: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  if (texts.length === 0) return new Map();
  const rows = await queryTables(run, {
    tables: ['tokens'],
    sql: `SELECT text, list(token ORDER BY position) AS ids FROM tokens
      WHERE text IN (${texts.map((_, i) => `$${i + 1}`).join(', ')}) GROUP BY text`,
    parameters: texts,
    row: tokenRow,
  });
  return new Map(rows.map(({ text, ids }) => [text, ids]));
}
