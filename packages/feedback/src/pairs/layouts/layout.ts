import type { PreferencePair } from '@feedprint/core';
import type { JsonObject } from '../../readers/row.ts';

/** What a layout reads of a pair: everything but its `id`. */
export type PairTexts = Omit<PreferencePair, 'id'>;

/** One way in which public data sets write a pair. */
export interface PairLayout {
  /** Name shown to people. */
  readonly name: string;
  /**
   * The pair of a record; `undefined` for a record of another layout. Throws `UnsoundRow` for one of this layout that
   * is not a pair.
   */
  readonly read: (record: JsonObject) => PairTexts | undefined;
}

/** A record that is left out; its message is the reason. */
export class UnsoundRow extends Error {}

/** A value that is present: table files and some JSON writers fill missing values with null. */
export const present = (value: unknown): unknown => (value === null ? undefined : value);
