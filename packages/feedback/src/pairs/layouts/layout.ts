import type { PreferencePair } from '@feedprint/core';
import type { JsonObject } from '../../readers/row.ts';

export type PairTexts = Pick<PreferencePair, 'prompt' | 'chosen' | 'rejected'>;

/** One way in which public data sets write a pair. */
export interface PairLayout {
  /** For people. */
  readonly name: string;
  /** The pair of a record; `undefined` for a record of another layout. Throws `UnsoundRow` for one of this that is no pair. */
  readonly read: (record: JsonObject) => PairTexts | undefined;
}

/** A record that is left out; its message is the reason. */
export class UnsoundRow extends Error {}

/** A value that is there: files of tables and some writers of JSON fill what is missing with null. */
export const present = (value: unknown): unknown => (value === null ? undefined : value);
