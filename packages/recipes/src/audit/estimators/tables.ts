import type { TableRow } from '@feedprint/pipeline';
import type { PartOf } from '@feedprint/report';
import type { AgreementReport, estimators as chapter } from '@feedprint/report/chapters/estimators';
import type { Table } from '../finding.ts';
import { roles } from '../model-role.ts';
import type { ComparedEstimators } from './compare-estimators.ts';
import type { Contrast } from './contrast.ts';

/**
 * `tables/agreement.parquet` of the estimators and their controls, `estimates` (what each says about every word) and `contrast`
 * (distances of versions of texts).
 */
export const estimatorTables = (
  contrasted: Contrast,
  { figures }: ComparedEstimators,
  { estimators }: PartOf<typeof chapter>,
): Table[] => [
  {
    name: 'estimates',
    columns: {
      estimator: 'VARCHAR',
      control: 'VARCHAR',
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      estimate: 'DOUBLE',
      low: 'DOUBLE',
      high: 'DOUBLE',
      n: 'INTEGER',
      score: 'DOUBLE',
      reversed: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: figures.flatMap(({ estimator, control, words: said }) =>
      said.map((word) => ({ estimator, control, ...word })),
    ),
  },
  {
    name: 'agreement',
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
    rows: agreementRows(estimators),
  },
  {
    name: 'contrast',
    columns: { model: 'VARCHAR', side: 'VARCHAR', word: 'INTEGER', distance: 'DOUBLE' },
    rows: contrastRows(contrasted),
  },
];

const measures = ['tauB', 'spearman', 'pearson', 'signAccuracy', 'auroc'] as const;

function agreementRows(estimators: readonly AgreementReport[]): TableRow[] {
  return estimators.flatMap((estimator) =>
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

/** Signed distance of each non-neutral version from its neutral one; `word` identifies the versions' words. */
function contrastRows(contrasted: Contrast): TableRow[] {
  const evidence = contrasted.evidence();
  return roles.flatMap((model) => {
    const { distance, word } = evidence[model];
    return Array.from(distance, (value, version) => ({
      model,
      side: version < distance.length / 2 ? 'positive' : 'negative',
      word: word[version] as number,
      distance: value,
    }));
  });
}
