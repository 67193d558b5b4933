import type { PartOf } from '@feedprint/report';
import type { dictionaries } from '@feedprint/report/chapters/dictionaries';
import type { Table } from '../finding.ts';
import type { SiteMatch } from './match.ts';
import type { TrainedSae } from './saes.ts';

const sae = { model: 'VARCHAR', site: 'VARCHAR', dSae: 'INTEGER' } as const;

/**
 * `tables/saes.parquet`, with `sae_steps` and `sae_features` of each SAE, and `matches` of the tuned model's features.
 */
export const dictionaryTables = (
  trained: readonly TrainedSae[],
  matches: readonly SiteMatch[],
  saes: PartOf<typeof dictionaries>['saes'],
): Table[] => [
  {
    name: 'saes',
    columns: { ...sae, kind: 'VARCHAR', fvu: 'DOUBLE', l0: 'DOUBLE', alive: 'DOUBLE' },
    rows: saes.map(({ curve: _curve, ...rest }) => rest),
  },
  {
    name: 'sae_steps',
    columns: { ...sae, step: 'INTEGER', mse: 'DOUBLE', l0: 'DOUBLE', loss: 'DOUBLE' },
    rows: trained.flatMap(({ role: model, site, dSae, curve }) =>
      curve.map(({ step, mse, l0, loss }) => ({ model, site, dSae, step, mse, l0, loss })),
    ),
  },
  {
    name: 'sae_features',
    columns: { ...sae, feature: 'INTEGER', density: 'DOUBLE' },
    rows: trained.flatMap(({ role: model, site, dSae, metrics }) =>
      metrics.density.map((density, feature) => ({ model, site, dSae, feature, density })),
    ),
  },
  {
    name: 'matches',
    columns: {
      site: 'VARCHAR',
      feature: 'INTEGER',
      large: 'DOUBLE',
      base: 'DOUBLE',
      kept: 'BOOLEAN',
    },
    rows: matches.flatMap(({ site, similarities, kept }) => {
      const chosen = new Set(kept.map(({ feature }) => feature));
      return similarities.large.map((large, feature) => ({
        site,
        feature,
        large,
        base: similarities.base[feature] as number,
        kept: chosen.has(feature),
      }));
    }),
  },
];
