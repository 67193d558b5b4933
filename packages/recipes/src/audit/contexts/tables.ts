import type { PartOf } from '@feedprint/report';
import type { contexts as chapter } from '@feedprint/report/chapters/contexts';
import type { Table } from '../finding.ts';

/** `tables/contexts.parquet`: the shift of each word in the texts and in what either model writes. */
export const contextTables = ({ words }: PartOf<typeof chapter>['contexts']): Table[] => [
  {
    name: 'contexts',
    columns: {
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      texts: 'DOUBLE',
      tuned: 'DOUBLE',
      tunedLow: 'DOUBLE',
      tunedHigh: 'DOUBLE',
      base: 'DOUBLE',
      baseLow: 'DOUBLE',
      baseHigh: 'DOUBLE',
    },
    rows: words.map(({ word, token, stated, texts, tuned, base }) => ({
      ...{ word, token, stated, texts },
      tuned: tuned?.shift ?? null,
      tunedLow: tuned?.interval.low ?? null,
      tunedHigh: tuned?.interval.high ?? null,
      base: base?.shift ?? null,
      baseLow: base?.interval.low ?? null,
      baseHigh: base?.interval.high ?? null,
    })),
  },
];
