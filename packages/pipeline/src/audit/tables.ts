import { join } from 'node:path';
import type { AuditReport } from '@feedprint/report';
import { writeParquet } from '../tables.ts';
import type { AuditEstimate } from './estimate.ts';
import { writeEstimates } from './estimates-table.ts';

/**
 * Writes the report's lists as Parquet tables: `tables/words.parquet`, `features`, `agreement`, `divergence`, `saes`; and
 * every estimator's figures, `estimates`.
 */
export async function writeTables(
  report: AuditReport,
  { figures }: Pick<AuditEstimate, 'figures'>,
  runFolder: string,
): Promise<void> {
  const file = (name: string): string => join(runFolder, 'tables', `${name}.parquet`);
  await writeEstimates(figures, file('estimates'));
  await writeParquet({
    file: file('words'),
    columns: {
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      estimate: 'DOUBLE',
      low: 'DOUBLE',
      high: 'DOUBLE',
      n: 'INTEGER',
      expected: 'DOUBLE',
      score: 'DOUBLE',
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: report.words.map(({ interval, features: _features, ...word }) => ({
      ...word,
      ...interval,
    })),
  });
  await writeParquet({
    file: file('features'),
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
    rows: report.features.map(
      ({
        examples: _examples,
        activity: _activity,
        enrichmentControl: _control,
        discrepancy: _discrepancy,
        ...feature
      }) => feature,
    ),
  });
  await writeParquet({
    file: file('agreement'),
    columns: {
      estimator: 'VARCHAR',
      control: 'VARCHAR',
      measure: 'VARCHAR',
      value: 'DOUBLE',
      low: 'DOUBLE',
      high: 'DOUBLE',
      method: 'VARCHAR',
      n: 'INTEGER',
      advantage: 'DOUBLE',
      advantageLow: 'DOUBLE',
      advantageHigh: 'DOUBLE',
      matched: 'BOOLEAN',
    },
    rows: agreementRows(report),
  });
  await writeParquet({
    file: file('divergence'),
    columns: { layer: 'INTEGER', l2: 'DOUBLE', relativeL2: 'DOUBLE', kept: 'BOOLEAN' },
    rows: report.divergence,
  });
  await writeParquet({
    file: file('saes'),
    columns: {
      model: 'VARCHAR',
      site: 'VARCHAR',
      dSae: 'INTEGER',
      kind: 'VARCHAR',
      fvu: 'DOUBLE',
      l0: 'DOUBLE',
      alive: 'DOUBLE',
    },
    rows: report.saes.map(({ curve: _curve, ...sae }) => sae),
  });
}

const measures = ['tauB', 'spearman', 'pearson', 'signAccuracy', 'auroc'] as const;

function agreementRows(report: AuditReport) {
  return report.estimators.flatMap((estimator) =>
    [{ ...estimator, control: null, advantage: undefined }, ...estimator.controls].flatMap(
      (judged) =>
        measures.map((measure) => {
          const { value, interval, n } = judged[measure];
          const over = judged.advantage?.[measure];
          return {
            estimator: estimator.estimator,
            control: judged.control,
            measure,
            value,
            low: interval?.low ?? null,
            high: interval?.high ?? null,
            method: interval?.method ?? null,
            n,
            advantage: over?.value ?? null,
            advantageLow: over?.interval?.low ?? null,
            advantageHigh: over?.interval?.high ?? null,
            matched: over?.matched ?? null,
          };
        }),
    ),
  );
}
