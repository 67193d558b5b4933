import type { PreferencesReport } from '@feedprint/report/chapters/pairs';
import type { Table } from '../finding.ts';
import { known } from '../known.ts';
import type { PreparedPairs } from './prepared-pairs.ts';
import type { Preferences } from './preferences-schema.ts';

/** `tables/pairs.parquet` (every pair), `pair_scores` (every scorer's score of every pair) and `pair_words`. */
export function pairTables(
  pairs: PreparedPairs,
  found: Preferences,
  { words }: PreferencesReport,
): Table[] {
  return [
    {
      name: 'pairs',
      columns: {
        pair: 'INTEGER',
        id: 'VARCHAR',
        split: 'VARCHAR',
        prompt: 'INTEGER',
        margin: 'DOUBLE',
        chosenReward: 'DOUBLE',
        rejectedReward: 'DOUBLE',
        basePreference: 'DOUBLE',
        lengthDifference: 'INTEGER',
        inData: 'DOUBLE',
        learned: 'DOUBLE',
        score: 'DOUBLE',
        p: 'DOUBLE',
        q: 'DOUBLE',
        flagged: 'BOOLEAN',
        trainedLabelAgrees: 'BOOLEAN',
      },
      rows: found.pairs.map(({ words: _words, ...pair }, i) => {
        const {
          id = null,
          split = null,
          trainedLabelAgrees = null,
        } = known(pairs.records[i], `pair ${i}`);
        return {
          pair: indexOf(pairs, i),
          id: id === null ? null : String(id),
          split,
          prompt: pairs.prompts[i] as number,
          ...pair,
          trainedLabelAgrees,
        };
      }),
    },
    scoresTable('pair_scores', pairs, found.scores),
    {
      name: 'pair_words',
      columns: {
        word: 'VARCHAR',
        token: 'INTEGER',
        n: 'INTEGER',
        inData: 'DOUBLE',
        inDataError: 'DOUBLE',
        learned: 'DOUBLE',
        learnedError: 'DOUBLE',
        expected: 'DOUBLE',
        score: 'DOUBLE',
        p: 'DOUBLE',
        q: 'DOUBLE',
        flagged: 'BOOLEAN',
        carries: 'DOUBLE',
      },
      rows: words.map(({ inData, learned, ...word }) => ({
        ...word,
        inData: inData.value,
        inDataError: inData.standardError,
        learned: learned.value,
        learnedError: learned.standardError,
      })),
    },
  ];
}

/** Scores of every pair, by the name of who gave them. */
export const scoresTable = (
  name: string,
  pairs: PreparedPairs,
  scores: Readonly<Record<string, readonly number[]>>,
): Table => ({
  name,
  columns: { pair: 'INTEGER', split: 'VARCHAR', scorer: 'VARCHAR', score: 'DOUBLE' },
  rows: Object.entries(scores).flatMap(([scorer, values]) =>
    values.map((score, i) => ({
      pair: indexOf(pairs, i),
      split: pairs.records[i]?.split ?? null,
      scorer,
      score,
    })),
  ),
});

/** The number of a pair in its file. */
const indexOf = (pairs: PreparedPairs, i: number): number =>
  known(pairs.encoded[i], `pair ${i}`).index;
