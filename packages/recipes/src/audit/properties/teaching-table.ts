import type { ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { Table } from '../finding.ts';

interface TeachingTableJob {
  /** Of each pair, by property; NaN for one that the property was found in. */
  readonly influences: ReadonlyMap<string, Float64Array>;
  /** Of a property, preferred minus other reply; NaN where nothing can be said. */
  readonly differenceOf: (property: string, pair: number) => number;
  /** Index of each pair in the file. */
  readonly indices: readonly number[];
  readonly teaching: ReplyVerdictReport['teaching'];
}

/** `teaching_pairs`: how much each pair adds to the effects of the flagged properties; R where it was measured. */
export function teachingTable({
  influences,
  differenceOf,
  indices,
  teaching,
}: TeachingTableJob): Table {
  const scored = new Map(teaching.map((one) => [`${one.property} ${one.pair}`, one]));
  return {
    name: 'teaching_pairs',
    columns: {
      property: 'VARCHAR',
      pair: 'INTEGER',
      difference: 'DOUBLE',
      influence: 'DOUBLE',
      chosenR: 'DOUBLE',
      rejectedR: 'DOUBLE',
    },
    rows: [...influences].flatMap(([property, values]) =>
      Array.from(values).flatMap((influence, i) => {
        if (Number.isNaN(influence)) return [];
        const pair = indices[i] as number;
        const difference = differenceOf(property, i);
        const found = scored.get(`${property} ${pair}`);
        return [
          {
            ...{ property, pair, influence },
            difference: Number.isNaN(difference) ? null : difference,
            chosenR: found?.chosenR ?? null,
            rejectedR: found?.rejectedR ?? null,
          },
        ];
      }),
    ),
  };
}
