import { join } from 'node:path';
import { writeParquet } from '../tables.ts';
import { readAttribution, readContributions } from './attribute.ts';
import { readChangeAttribution } from './change-attribution/change-attribution.ts';
import type { AuditArtifacts, AuditContext } from './context.ts';
import { readFeatureDiscrepancies } from './feature-discrepancies.ts';
import { readValidationTables } from './validate.ts';

/**
 * Writes what the figures on features were computed from: `tables/generations.parquet`, `enrichment`, `attribution`
 * (what each kept feature contributes to each word) and `feature-discrepancies`.
 */
export async function writeFeatureTables(
  { words }: Pick<AuditContext, 'words'>,
  { validate, attribute, contradicting, change }: AuditArtifacts,
  runFolder: string,
): Promise<void> {
  const file = (name: string): string => join(runFolder, 'tables', `${name}.parquet`);
  const { generations, enrichment } = await readValidationTables(validate);
  const { features } = await readAttribution(attribute);
  const contributions = readContributions(attribute);
  const { sites, n } = await readChangeAttribution(change);
  await writeParquet({
    file: file('attribution'),
    columns: {
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      feature: 'VARCHAR',
      regression: 'DOUBLE',
      // null for words that stand nowhere after another token, and without gradients.
      change: 'DOUBLE',
    },
    rows: words.flatMap(({ word, id, stated }, w) =>
      features.map((feature, f) => {
        const at = w * features.length + f;
        return {
          word,
          token: id,
          stated,
          feature: feature.id,
          regression: contributions.regression.data[at] as number,
          change: sites.length > 0 && n[w] !== 0 ? (contributions.change.data[at] as number) : null,
        };
      }),
    ),
  });
  await writeParquet({
    file: file('feature-discrepancies'),
    columns: {
      feature: 'VARCHAR',
      push: 'DOUBLE',
      expected: 'DOUBLE',
      score: 'DOUBLE',
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
      words: 'VARCHAR',
    },
    rows: (await readFeatureDiscrepancies(contradicting)).features.map(
      ({ id, words: against, texts: _, ...figures }) => ({
        ...figures,
        feature: id,
        words: against.join(' '),
      }),
    ),
  });
  await writeParquet({
    file: file('generations'),
    columns: {
      run: 'VARCHAR',
      kind: 'VARCHAR',
      against: 'VARCHAR',
      draw: 'INTEGER',
      prompt: 'INTEGER',
      reward: 'DOUBLE',
      expected: 'DOUBLE',
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
