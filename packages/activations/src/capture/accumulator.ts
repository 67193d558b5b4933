import { FeedprintError, matrix } from '@feedprint/core';
import type { ActivationRows, Matrix, Site } from '@feedprint/core';

/** Rows waiting to be written, first in, first out. */
export interface Accumulator {
  readonly rows: number;
  add(rows: ActivationRows): void;
  /** Removes and returns the first `count` rows. */
  take(count: number): ActivationRows;
}

export function createAccumulator(sites: readonly Site[]): Accumulator {
  let parts: ActivationRows[] = [];
  let total = 0;
  return {
    get rows() {
      return total;
    },
    add(rows) {
      const count = rows.text.length;
      for (const name of ['position', 'token'] as const) {
        if (rows[name].length !== count)
          throw mismatch(`${name} has ${rows[name].length} entries for ${count} tokens`);
      }
      for (const site of sites) {
        check(site, rows.activations.get(site), count, parts[0]?.activations.get(site)?.columns);
      }
      if (rows.text.length === 0) return;
      parts.push(rows);
      total += rows.text.length;
    },
    take(count) {
      const joined = join(parts, sites, total);
      parts = [cut(joined, sites, count, total)];
      total -= count;
      return cut(joined, sites, 0, count);
    },
  };
}

function check(
  site: Site,
  activations: Matrix | undefined,
  rows: number,
  width: number | undefined,
): void {
  if (!activations) throw mismatch(`there are no activations of ${site}`);
  if (activations.rows !== rows) {
    throw mismatch(`${site} has ${activations.rows} rows for ${rows} tokens`);
  }
  if (activations.columns !== (width ?? activations.columns)) {
    throw mismatch(`${site} has ${activations.columns} units, before it had ${width}`);
  }
}

const mismatch = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message,
    remedy: 'append one row of every site per token',
  });

function join(
  parts: readonly ActivationRows[],
  sites: readonly Site[],
  total: number,
): ActivationRows {
  const ints = (name: 'text' | 'position' | 'token'): Int32Array => {
    const all = new Int32Array(total);
    let at = 0;
    for (const part of parts) {
      all.set(part[name], at);
      at += part[name].length;
    }
    return all;
  };
  const activations = new Map<Site, Matrix>();
  for (const site of sites) {
    const matrices = parts.map((part) => part.activations.get(site) as Matrix);
    const joined = matrix(total, matrices[0]?.columns ?? 0);
    let at = 0;
    for (const m of matrices) {
      joined.data.set(m.data, at);
      at += m.data.length;
    }
    activations.set(site, joined);
  }
  return { text: ints('text'), position: ints('position'), token: ints('token'), activations };
}

function cut(
  rows: ActivationRows,
  sites: readonly Site[],
  start: number,
  end: number,
): ActivationRows {
  return {
    text: rows.text.slice(start, end),
    position: rows.position.slice(start, end),
    token: rows.token.slice(start, end),
    activations: new Map(
      sites.map((site) => {
        const { columns, data } = rows.activations.get(site) as Matrix;
        return [site, matrix(end - start, columns, data.slice(start * columns, end * columns))];
      }),
    ),
  };
}
