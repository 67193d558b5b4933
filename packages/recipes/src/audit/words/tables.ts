import type { OutputsOf, TableRow } from '@feedprint/pipeline';
import type { PartOf } from '@feedprint/report';
import type { AgreementReport, words as chapter } from '@feedprint/report/chapters/words';
import type { capture, Captured } from '../capture/capture.ts';
import { roles } from '../model-role.ts';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import type { contrast, Contrast } from './contrast.ts';
import type { estimate } from './estimate.ts';

type Sources = OutputsOf<{
  readonly capture: typeof capture;
  readonly contrast: typeof contrast;
  readonly estimate: typeof estimate;
}>;

/**
 * `tables/words.parquet`, `agreement` of the estimators and their controls, `estimates` (what each says about every word), `counts`
 * (how often each model expects each word in each text) and `contrast` (distances of versions of texts).
 */
export const wordTables = (
  context: AuditContext,
  { capture: captured, contrast: contrasted, estimate: found }: Sources,
  { words, estimators }: PartOf<typeof chapter>,
): Table[] => [
  {
    name: 'words',
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
    rows: words.map(({ interval, features: _features, ...word }) => ({ ...word, ...interval })),
  },
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
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: found.figures.flatMap(({ estimator, control, words: said }) =>
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
    name: 'counts',
    columns: { text: 'INTEGER', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    rows: countRows(context, captured),
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

/** How often each model expects each scored word in each text. */
function* countRows({ rows, words }: AuditContext, captured: Captured): Generator<TableRow> {
  const { base, tuned } = captured.expectedCounts();
  for (let text = 0; text < rows.length; text++) {
    for (const [w, { id }] of words.entries()) {
      const at = text * words.length + w;
      yield {
        text,
        token: id,
        base: base.data[at] as number,
        tuned: tuned.data[at] as number,
      };
    }
  }
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
