import { isObject } from '../readers/row.ts';
import type { JsonObject } from '../readers/row.ts';
import { UnsoundRow } from './layouts/layout.ts';

const begin = /^\s*\[\s*\{\s*["'](role|content|from|value)["']\s*:/;

/**
 * A record whose texts that are the JSON of turns, as tables have them, became turns. Throws `UnsoundRow` for turns that
 * were written otherwise, as pandas does.
 */
export function withTurnsOfCells(record: JsonObject): JsonObject {
  const written = Object.keys(record).filter((column) => {
    const cell = record[column];
    return typeof cell === 'string' && begin.test(cell);
  });
  if (written.length === 0) return record;
  const decoded = written.map((column) => [column, turnsIn(record, column)] as const);
  return { ...record, ...Object.fromEntries(decoded) };
}

function turnsIn(record: JsonObject, column: string): unknown {
  try {
    const turns: unknown = JSON.parse(record[column] as string);
    if (Array.isArray(turns) && turns.every(isObject)) return turns;
  } catch {
    // Said below.
  }
  throw new UnsoundRow(
    `turns in "${column}" that are not JSON`,
    'write the data set as JSON Lines or Parquet: a table that pandas wrote has turns as Python prints them',
  );
}
