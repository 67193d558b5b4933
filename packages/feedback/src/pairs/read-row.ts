import { isObject } from '../readers/row.ts';
import type { JsonObject } from '../readers/row.ts';
import { chosenLayouts, judgedLayouts } from './layouts/layouts.ts';
import { UnsoundRow } from './layouts/layout.ts';
import type { PairLayout, PairTexts } from './layouts/layout.ts';
import { columnNames } from './suggest-map.ts';
import { withTurnsOfCells } from './turns-in-cells.ts';

/** The pairs of one record, and the name of the layout that read it. */
export interface RowPairs {
  readonly layout: string;
  readonly pairs: readonly PairTexts[];
}

/** Layouts that a record fits: at most one with `chosen` and `rejected`. */
export const layoutsOf = (record: JsonObject): readonly PairLayout[] => {
  const chosen = chosenLayouts.find(({ fits }) => fits(record));
  return [...(chosen ? [chosen] : []), ...judgedLayouts.filter(({ fits }) => fits(record))];
};

/**
 * Reads a record by the layout that it fits. Throws `UnsoundRow` for one that holds no pair, fits no layout, or says
 * different things by different layouts.
 */
export function readRow(value: unknown): RowPairs {
  if (!isObject(value)) throw new UnsoundRow('not an object');
  const record = withTurnsOfCells(value);
  const [first, ...others] = layoutsOf(record);
  if (!first) throw new UnsoundRow(`no layout that is known; columns ${columnNames(value)}`);
  const pairs = first.read(record);
  const other = others.find((layout) => !isSame(layout.read(record), pairs));
  if (!other) return { layout: first.name, pairs };
  throw new UnsoundRow(
    `read as ${first.name} it holds another pair than as ${other.name}`,
    'say which columns count: --map chosen=chosen,rejected=rejected,prompt=prompt',
  );
}

const isSame = (a: readonly PairTexts[], b: readonly PairTexts[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ chosen, rejected }, i) =>
      chosen.trim() === b[i]?.chosen.trim() && rejected.trim() === b[i].rejected.trim(),
  );
