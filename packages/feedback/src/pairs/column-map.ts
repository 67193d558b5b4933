import { FeedprintError } from '@feedprint/core';
import type { JsonObject } from '../readers/row.ts';
import { numberOf, UnsoundRow } from './layouts/layout.ts';
import { isTie } from './layouts/named-winner.ts';

/** Which columns hold what, where a file's own names do not tell. */
export interface PairColumns {
  /** The reply that was preferred; with `label`, the one that a true label prefers. */
  readonly chosen: string;
  readonly rejected: string;
  /** Default: the prompt stands in the replies, or nowhere. */
  readonly prompt?: string;
  /** Says for each row whether `chosen` is the preferred reply, or whether it is a tie. */
  readonly label?: string;
}

const keys: ReadonlySet<string> = new Set(['chosen', 'rejected', 'prompt', 'label']);

/** Parses `chosen=COLUMN,rejected=COLUMN[,prompt=COLUMN][,label=COLUMN]`. Throws `usage`. */
export function parsePairColumns(text: string): PairColumns {
  const entries = text.split(',').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
  });
  const { chosen, rejected, prompt, label } = Object.fromEntries(entries) as Partial<PairColumns>;
  const isSound = entries.every(([key, column]) => keys.has(key) && column !== '');
  if (chosen && rejected && chosen !== rejected && isSound) {
    return { chosen, rejected, ...(prompt && { prompt }), ...(label && { label }) };
  }
  throw new FeedprintError({
    code: 'usage',
    message: `"${text}" does not say which columns hold what`,
    remedy: 'write chosen=COLUMN,rejected=COLUMN[,prompt=COLUMN][,label=COLUMN]',
  });
}

/** A record's columns under the names that layouts know; what else is said about the pair is kept. */
export function renamed(record: JsonObject, columns: PairColumns): JsonObject {
  const missing = Object.values(columns).find((column: string) => !(column in record));
  if (missing !== undefined) throw new UnsoundRow(`no column "${missing}"`);
  const { id, split, trained_label_agrees } = record;
  return {
    ...{ id, split, trained_label_agrees },
    ...(columns.prompt !== undefined && { prompt: record[columns.prompt] }),
    chosen: record[columns.chosen],
    rejected: record[columns.rejected],
  };
}

/**
 * What labels mean, by the values that occur: -1 and 1 are signed preferences, 1 and 2 the first and the second column,
 * otherwise 1 and true prefer `chosen`. Words may name a column, or its ending, as `a` or `model_a` do `response_a`.
 */
export function labelReader(
  { chosen, rejected }: PairColumns,
  values: readonly unknown[],
): (value: unknown) => number {
  const numbers = values.map(numberOf);
  const isSigned = numbers.some((number) => number !== undefined && number < 0);
  const isOrdinal = !numbers.includes(0) && numbers.includes(2);
  const [first, second] = endings(chosen, rejected);
  return (value) => {
    const number = typeof value === 'boolean' ? Number(value) : numberOf(value);
    if (number !== undefined) {
      if (isSigned) return Math.sign(number);
      if (isOrdinal && (number === 1 || number === 2)) return 3 - 2 * number;
      if (number === 0 || number === 0.5 || number === 1) return 2 * number - 1;
    }
    const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
    if (['true', 'yes', chosen.toLowerCase(), first].includes(word)) return 1;
    if (['false', 'no', rejected.toLowerCase(), second].includes(word)) return -1;
    if (isTie(word)) return 0;
    if (first !== second && word.endsWith(`_${first}`)) return 1;
    if (first !== second && word.endsWith(`_${second}`)) return -1;
    throw new UnsoundRow(`a label that says neither "${chosen}" nor "${rejected}"`);
  };
}

/** What tells the names of two columns apart at their ends: `a` and `b` for `response_a` and `response_b`. */
function endings(...names: readonly [string, string]): readonly [string, string] {
  const [a, b] = names.map((name) => name.toLowerCase()) as [string, string];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return [a.slice(shared), b.slice(shared)];
}
