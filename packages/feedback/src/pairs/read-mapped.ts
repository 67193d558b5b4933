import { isObject } from '../readers/row.ts';
import { labelReader, renamed } from './column-map.ts';
import type { PairColumns } from './column-map.ts';
import { judge } from './layouts/judge.ts';
import { UnsoundRow } from './layouts/layout.ts';
import { splitTexts } from './layouts/shared-beginning.ts';
import { readRow } from './read-row.ts';
import type { RowPairs } from './read-row.ts';

/** A reader of records whose columns were named. `first`: records from the beginning of the file. */
export function mappedReader(
  columns: PairColumns,
  first: readonly unknown[],
): (value: unknown) => RowPairs {
  const { label } = columns;
  const labels = first.flatMap((value) =>
    label !== undefined && isObject(value) ? [value[label]] : [],
  );
  const preferenceOf = labelReader(columns, labels);
  const { chosen, rejected, prompt } = columns;
  const name = `columns ${[prompt, chosen, rejected, label].filter(Boolean).join(', ')} as told`;
  return (value) => {
    if (!isObject(value)) throw new UnsoundRow('not an object');
    const record = renamed(value, columns);
    const [a, b] = [record['chosen'], record['rejected']];
    const isPlain =
      prompt === undefined &&
      [a, b].every((text) => typeof text === 'string' && !text.startsWith('\n\nHuman:'));
    const pairs = isPlain ? [splitTexts(a as string, b as string)] : readRow(record).pairs;
    return {
      layout: name,
      pairs:
        label === undefined
          ? pairs
          : pairs.map((pair) => judge(pair, { preference: preferenceOf(value[label]) })),
    };
  };
}
