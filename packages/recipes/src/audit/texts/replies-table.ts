import { join } from 'node:path';
import type { Artifact } from '@feedprint/core';
import { writeParquet } from '../tables.ts';
import { readReplies } from './replies.ts';

/** Writes `tables/replies.parquet`: every text, also where there are none to write. */
export async function writeRepliesTable(replies: Artifact, runFolder: string): Promise<void> {
  const found = await readReplies(replies);
  await writeParquet({
    file: join(runFolder, 'tables', 'replies.parquet'),
    columns: {
      text: 'INTEGER',
      tokens: 'INTEGER',
      stated: 'DOUBLE',
      reward: 'DOUBLE',
      expected: 'DOUBLE',
      score: 'DOUBLE',
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: (found?.replies ?? []).map((reply, text) => ({ text, ...reply })),
  });
}
