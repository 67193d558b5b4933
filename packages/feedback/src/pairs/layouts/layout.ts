import type { PreferencePair } from '@feedprint/core';
import type { JsonObject } from '../../readers/row.ts';

/** What a layout reads of a pair: everything but its `id`. */
export type PairTexts = Omit<PreferencePair, 'id'>;

/** One way in which public data sets write pairs. */
export interface PairLayout {
  /** Name shown to people. */
  readonly name: string;
  /** Whether a record is of this layout, by its columns and the kind of their values. */
  readonly fits: (record: JsonObject) => boolean;
  /** The pairs of a record that fits. Throws `UnsoundRow` for one that holds none. */
  readonly read: (record: JsonObject) => readonly PairTexts[];
}

/** A record that is left out; its message is the reason. */
export class UnsoundRow extends Error {
  /** What to do where all records of a file are like this one. */
  readonly remedy: string | undefined;

  constructor(reason: string, remedy?: string) {
    super(reason);
    this.remedy = remedy;
  }
}

/** A value that is present: table files and some JSON writers fill missing values with null. */
export const present = (value: unknown): unknown => (value === null ? undefined : value);

/** Whether a record has all of these columns. */
export const has = (record: JsonObject, ...columns: readonly string[]): boolean =>
  columns.every((column) => column in record);

/** A number, or a table's cell that is one; `undefined` for anything else. */
export function numberOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = isText || typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
