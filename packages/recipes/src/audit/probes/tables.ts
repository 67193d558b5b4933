import type { PairProbes } from '@feedprint/probe';
import type { Table } from '../finding.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { scoresTable } from '../pairs/tables.ts';

/** `tables/pair_probe_scores.parquet`: every probe's score of every pair, as `pair_scores`. */
export const probeTables = (pairs: PreparedPairs, { scores }: PairProbes): Table[] => [
  scoresTable('pair_probe_scores', pairs, scores),
];
