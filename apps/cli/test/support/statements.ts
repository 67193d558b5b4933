import { readFileSync } from 'node:fs';

/** A statement of docs/guides/recomputing-figures.md that gives figures of report.json again. */
export interface Statement {
  /** Where the figures stand: `words[token]` are the elements of `words`, told apart by `token`. */
  readonly path: string;
  readonly sql: string;
}

/** The statements of a page: each a fenced `sql` block under a heading that is a path in backquotes. */
export function readStatements(file: string): Statement[] {
  const page = readFileSync(file, 'utf8');
  return [...page.matchAll(/^#+ `([^`\n]+)`\n(?:(?!^#|^```)[^\n]*\n)*```sql\n(.*?)^```$/gms)].map(
    ([, path = '', sql = '']) => ({ path, sql }),
  );
}

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Row = Readonly<Record<string, unknown>>;

/** The paths of a value's numbers that a statement's rows give again, each with whether the two are equal. */
export function compareRows(
  report: Json,
  { path }: Statement,
  rows: readonly Row[],
): ReadonlyMap<string, boolean> {
  const steps = path === '*' ? [] : path.split('.');
  const keys = new Set(steps.flatMap((step) => step.match(/\[([\w,]+)\]$/)?.[1]?.split(',') ?? []));
  const found = new Map<string, boolean>();
  for (const row of rows) {
    const place = path === '*' ? at(report, String(row.figure)) : placeOf(report, steps, row);
    if (!place) continue;
    for (const [column, value] of Object.entries(row)) {
      if (keys.has(column) || column === 'figure') continue;
      const figure = column
        .split('.')
        .reduce<Json | undefined>((at, name) => childOf(at, name), place.value);
      const there = [place.path, column].filter((part) => part !== '').join('.');
      for (const [number, equal] of compare(there, figure, value)) found.set(number, equal);
    }
  }
  return found;
}

/** A list in a row may go on where the report's is cut. */
function compare(at: string, figure: Json | undefined, value: unknown): [string, boolean][] {
  if (Array.isArray(figure) && Array.isArray(value)) {
    return figure.flatMap((item: Json, i) => compare(`${at}[${i}]`, item, value[i]));
  }
  if (typeof figure !== 'number') return [[at, (figure ?? null) === (value ?? null)]];
  return [[at, typeof value === 'number' && close(value, figure)]];
}

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

const childOf = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[name]
    : undefined;

/** Where a row's figures stand; nowhere if the report leaves that element out. */
function placeOf(
  report: Json,
  steps: readonly string[],
  row: Row,
): { readonly path: string; readonly value: Json } | undefined {
  let [path, value] = ['', report];
  for (const step of steps) {
    const [, name = '', key] = /^(\w+)(?:\[([\w,]+)\])?$/.exec(step) ?? [];
    path = path === '' ? name : `${path}.${name}`;
    value = childOf(value, name) ?? null;
    if (key === undefined) continue;
    const items = (value ?? []) as readonly Json[];
    const index = items.findIndex((item) =>
      key.split(',').every((each) => childOf(item, each) === row[each]),
    );
    if (index < 0) return undefined;
    path = `${path}[${index}]`;
    value = items[index] as Json;
  }
  return { path, value };
}

/** The value at a place such as `estimators[0].tauB.interval`. */
function at(report: Json, path: string): { readonly path: string; readonly value: Json } {
  const value = path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<Json>(
      (there, part) => (there as { readonly [key: string]: Json })[part] ?? null,
      report,
    );
  return { path, value };
}

/** The figures that the page calls single measurements: the lines of its last fenced block. */
export function readMeasurements(file: string): string[] {
  const [, list = ''] = /\n```\n([^`]*)```\s*$/.exec(readFileSync(file, 'utf8')) ?? [];
  return list.trim().split('\n');
}
