import type { JsonObject } from '../../readers/row.ts';
import { UnsoundRow } from './layout.ts';

/** What data sets call a tie. */
export const isTie = (label: string): boolean =>
  /^(tie|both|draw|equal|neither)/.test(label.trim().toLowerCase());

/** The preference of a label that names the better side, or a tie. Throws `UnsoundRow` for another value. */
export function preferenceIn(
  record: JsonObject,
  column: string,
  [first, second]: readonly [string, string],
): number {
  const label = record[column];
  if (label === first) return 1;
  if (label === second) return -1;
  if (typeof label === 'string' && isTie(label)) return 0;
  throw new UnsoundRow(`a "${column}" that is neither "${first}", "${second}" nor a tie`);
}
