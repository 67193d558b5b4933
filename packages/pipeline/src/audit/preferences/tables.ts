import { join } from 'node:path';
import type { Artifact } from '@feedprint/core';
import type { PreferencesReport } from '@feedprint/report/chapters/pairs';
import { writeParquet } from '../../tables.ts';
import { known } from '../files.ts';
import { readPreferences } from './preferences.ts';
import type { PreparedPairs } from './inputs.ts';

/** Writes `tables/pairs.parquet` (every pair), `pair_scores` (every scorer's score of every pair) and `pair_words`. */
export async function writePreferenceTables(
  preferences: Artifact,
  pairs: PreparedPairs,
  { words }: PreferencesReport,
  runFolder: string,
): Promise<void> {
  const file = (name: string): string => join(runFolder, 'tables', `${name}.parquet`);
  const found = await readPreferences(preferences);
  const indexOf = (i: number): number => known(pairs.encoded[i], `pair ${i}`).index;
  await writeParquet({
    file: file('pairs'),
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
      const { id, split, trainedLabelAgrees } = known(pairs.records[i], `pair ${i}`);
      return {
        pair: indexOf(i),
        id: id === undefined ? undefined : String(id),
        split,
        prompt: pairs.prompts[i],
        ...pair,
        trainedLabelAgrees,
      };
    }),
  });
  await writeParquet({
    file: file('pair_scores'),
    columns: { pair: 'INTEGER', split: 'VARCHAR', scorer: 'VARCHAR', score: 'DOUBLE' },
    rows: Object.entries(found.scores).flatMap(([scorer, scores]) =>
      scores.map((score, i) => ({
        pair: indexOf(i),
        split: pairs.records[i]?.split,
        scorer,
        score,
      })),
    ),
  });
  await writeParquet({
    file: file('pair_words'),
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
  });
}
