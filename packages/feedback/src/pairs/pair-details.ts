import type { JsonObject } from '../readers/row.ts';
import { present, UnsoundRow } from './layouts/layout.ts';
import type { PairRecord } from './pair-file.ts';

/** What a record says about a pair besides its texts. Throws `UnsoundRow` for a value of another kind. */
export function detailsOf(
  record: JsonObject,
): Pick<PairRecord, 'id' | 'split' | 'trainedLabelAgrees'> {
  const id = present(record['id']);
  const split = present(record['split']);
  const agrees = asBoolean(present(record['trained_label_agrees']));
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    throw new UnsoundRow('an "id" that is neither a text nor a number');
  if (split !== undefined && typeof split !== 'string')
    throw new UnsoundRow('a "split" that is not a text');
  if (agrees !== undefined && typeof agrees !== 'boolean')
    throw new UnsoundRow('a "trained_label_agrees" that is neither true nor false');
  return {
    ...(id !== undefined && { id }),
    ...(split !== undefined && { split }),
    ...(agrees !== undefined && { trainedLabelAgrees: agrees }),
  };
}

/** CSV cells are always texts. */
const asBoolean = (value: unknown): unknown =>
  value === 'true' || value === 'false' ? value === 'true' : value;
