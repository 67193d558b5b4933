import { join } from 'node:path';
import { query } from '@feedprint/pipeline';
import type { PropertyReport } from '@feedprint/report/chapters/properties';
import type { PairBaselines } from './pair-baselines.ts';

/** What the audit is compared with: methods that need no judgement. */
export const baselines = [
  'chosen minus rejected',
  'strength (sign agreement)',
  'rates in samples',
  'effect on R, given nothing else',
  'WIMHF leg alone',
  'log-ratio on seen pairs',
] as const;

/** What each says of one property: the larger, the further learned. */
export type BaselineScores = Readonly<Record<(typeof baselines)[number], number>>;

/** Standard errors on either side of the middle of a 90 % interval. */
const REACH = 1.645;

/**
 * Over pairs: the mean difference in a property in its own standard deviations; and preferred replies with more of it less those with less, as a share of all
 * pairs (agreement beyond chance times relevance).
 */
const standardised = `
  SELECT property, avg(d) / nullif(stddev_samp(d), 0) AS standardised, avg(sign(d)) AS strength
  FROM sides GROUP BY property`;

/** Of every property and pair: preferred less other reply. */
const sides = `
  WITH long AS (
    UNPIVOT (SELECT * EXCLUDE (prompt_text, reply, tie, weight) FROM pairs WHERE NOT tie)
    ON COLUMNS(* EXCLUDE (pair, side)) INTO NAME property VALUE value),
  paired AS (
    SELECT pair, property, max(value) FILTER (side = 'chosen') - max(value) FILTER (side = 'rejected') AS d
    FROM long GROUP BY pair, property),
  sides AS (FROM paired WHERE d IS NOT NULL)`;

const tablesOf = (run: string) => ({ pairs: join(run, 'tables', 'pair_properties.parquet') });

/** Preferred less other reply, of every property by the pair's index in the file, from the tables of an audit's run. */
export async function pairDifferences(
  run: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const rows = await query({ tables: tablesOf(run), sql: `${sides} FROM sides` });
  const differences = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const [property, pair, d] = [row['property'] as string, row['pair'], row['d']];
    const own = differences.get(property) ?? new Map<number, number>();
    differences.set(property, own.set(pair as number, d as number));
  }
  return differences;
}

/** Scores each property from the tables of an audit's run, and from what its models say of the pairs. */
export async function baselineScores(
  run: string,
  properties: readonly PropertyReport[],
  ofPairs: ReadonlyMap<string, PairBaselines>,
): Promise<ReadonlyMap<string, BaselineScores>> {
  const rows = await query({ tables: tablesOf(run), sql: sides + standardised });
  const byName = new Map(rows.map((row) => [row['property'], row]));
  const size = (value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value) ? Math.abs(value) : 0;
  return new Map(
    properties.map(({ name, behaves, alone }) => {
      const row = byName.get(name);
      const error = behaves ? (behaves.high - behaves.low) / (2 * REACH) : 0;
      return [
        name,
        {
          'chosen minus rejected': size(row?.['standardised']),
          'strength (sign agreement)': size(row?.['strength']),
          'rates in samples': behaves && error > 0 ? size(behaves.effect / error) : 0,
          'effect on R, given nothing else': size(alone.learned),
          'WIMHF leg alone': size(ofPairs.get(name)?.throughFeatures),
          'log-ratio on seen pairs': size(ofPairs.get(name)?.seenMargin),
        },
      ];
    }),
  );
}
