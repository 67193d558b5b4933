import type { PartOf } from '@feedprint/report';
import type { features as chapter } from '@feedprint/report/chapters/features';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import type { FeatureSources } from './report.ts';

/**
 * `tables/features.parquet`, `attribution` (what each kept feature contributes to each word) and `feature-discrepancies`.
 */
export const featureTables = (
  { words }: Pick<AuditContext, 'words'>,
  { attribute, change, contradicting }: FeatureSources,
  { features }: PartOf<typeof chapter>,
): Table[] => {
  const contributions = attribute.contributions();
  return [
    {
      name: 'features',
      columns: {
        id: 'VARCHAR',
        site: 'VARCHAR',
        index: 'INTEGER',
        density: 'DOUBLE',
        matchedBase: 'DOUBLE',
        matchedLarge: 'DOUBLE',
        carries: 'DOUBLE',
        carriesBase: 'DOUBLE',
        change: 'DOUBLE',
        onFeedback: 'DOUBLE',
        label: 'VARCHAR',
        related: 'BOOLEAN',
        labelScore: 'DOUBLE',
        oddsRatio: 'DOUBLE',
        fisherP: 'DOUBLE',
        ablationEffect: 'DOUBLE',
      },
      rows: features.map(
        ({
          examples: _examples,
          activity: _activity,
          enrichmentControl: _control,
          discrepancy: _discrepancy,
          tokens: _tokens,
          histogram: _histogram,
          ...feature
        }) => feature,
      ),
    },
    {
      name: 'attribution',
      columns: {
        word: 'VARCHAR',
        token: 'INTEGER',
        stated: 'DOUBLE',
        feature: 'VARCHAR',
        regression: 'DOUBLE',
        // null for words that never follow another token, and without gradients.
        change: 'DOUBLE',
      },
      rows: words.flatMap(({ word, id, stated }, w) =>
        attribute.features.map((feature, f) => {
          const at = w * attribute.features.length + f;
          const isMeasured = change.sites.length > 0 && change.n[w] !== 0;
          return {
            word,
            token: id,
            stated,
            feature: feature.id,
            regression: contributions.regression.data[at] as number,
            change: isMeasured ? (contributions.change.data[at] as number) : null,
          };
        }),
      ),
    },
    {
      name: 'feature-discrepancies',
      columns: {
        feature: 'VARCHAR',
        push: 'DOUBLE',
        expected: 'DOUBLE',
        shifted: 'DOUBLE',
        score: 'DOUBLE',
        p: 'DOUBLE',
        q: 'DOUBLE',
        flagged: 'BOOLEAN',
        words: 'VARCHAR',
      },
      rows: contradicting.features.map(({ id, words: against, texts: _, ...figures }) => ({
        ...figures,
        feature: id,
        words: against.join(' '),
      })),
    },
  ];
};
