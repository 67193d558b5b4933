import { join } from 'node:path';
import { writeParquet } from '../tables.ts';
import type { AuditArtifacts } from './context.ts';
import { readValidationTables } from './validate.ts';

/** Writes what the figures on features were computed from: `tables/generations.parquet`, `enrichment`. */
export async function writeFeatureTables(
  { validate }: AuditArtifacts,
  runFolder: string,
): Promise<void> {
  const file = (name: string): string => join(runFolder, 'tables', `${name}.parquet`);
  const { generations, enrichment } = await readValidationTables(validate);
  await writeParquet({
    file: file('generations'),
    columns: {
      run: 'VARCHAR',
      kind: 'VARCHAR',
      against: 'VARCHAR',
      draw: 'INTEGER',
      prompt: 'INTEGER',
      reward: 'DOUBLE',
      kl: 'DOUBLE',
      logProbBase: 'DOUBLE',
      repeated: 'DOUBLE',
      tokens: 'INTEGER',
      text: 'VARCHAR',
    },
    rows: generations.map((row) => ({ ...row })),
  });
  await writeParquet({
    file: file('enrichment'),
    columns: {
      of: 'VARCHAR',
      draw: 'INTEGER',
      features: 'VARCHAR',
      strongActive: 'INTEGER',
      strongSilent: 'INTEGER',
      otherActive: 'INTEGER',
      otherSilent: 'INTEGER',
      oddsRatio: 'DOUBLE',
      p: 'DOUBLE',
    },
    rows: enrichment.map(({ features, table: [strong, other], ...row }) => ({
      ...row,
      features: features.join(' '),
      strongActive: strong[0],
      strongSilent: strong[1],
      otherActive: other[0],
      otherSilent: other[1],
    })),
  });
}
