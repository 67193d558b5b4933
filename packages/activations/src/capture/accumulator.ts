import { FeedprintError, matrix } from '@feedprint/core';
import type { ActivationRows, Matrix, Site } from '@feedprint/core';

/** Rows waiting to be written, first in, first out. */
export interface Accumulator {
  readonly rows: number;
  /** Units of each site, known once something was added, even if it had no rows. */
  readonly widths: ReadonlyMap<Site, number>;
  add(rows: ActivationRows): void;
  /** Removes the first `count` rows and returns a copy of them. */
  take(count: number): ActivationRows;
}

/** `known`: units of sites whose rows came earlier. */
export function createAccumulator(
  sites: readonly Site[],
  known: ReadonlyMap<Site, number> = new Map(),
): Accumulator {
  const parts: ActivationRows[] = [];
  const widths = new Map(known);
  let total = 0;
  return {
    widths,
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
        const { columns } = check(site, rows.activations.get(site), count, widths.get(site));
        widths.set(site, columns);
      }
      if (rows.text.length === 0) return;
      parts.push(rows);
      total += rows.text.length;
    },
    take(count) {
      const taken = emptyRows(count, widths);
      let done = 0;
      while (done < count) {
        const part = parts[0] as ActivationRows;
        const taking = Math.min(part.text.length, count - done);
        copyRows(part, taking, taken, done);
        if (taking === part.text.length) parts.shift();
        else parts[0] = rowsBehind(part, taking);
        done += taking;
      }
      total -= count;
      return taken;
    },
  };
}

function check(
  site: Site,
  activations: Matrix | undefined,
  rows: number,
  width: number | undefined,
): Matrix {
  if (!activations) throw mismatch(`there are no activations of ${site}`);
  if (activations.rows !== rows) {
    throw mismatch(`${site} has ${activations.rows} rows for ${rows} tokens`);
  }
  if (activations.columns !== (width ?? activations.columns)) {
    throw mismatch(`${site} has ${activations.columns} units, but had ${width} before`);
  }
  return activations;
}

const mismatch = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message,
    remedy: 'append one row of every site per token',
  });

function emptyRows(count: number, widths: ReadonlyMap<Site, number>): ActivationRows {
  return {
    text: new Int32Array(count),
    position: new Int32Array(count),
    token: new Int32Array(count),
    activations: new Map([...widths].map(([site, width]) => [site, matrix(count, width)])),
  };
}

/** Copies the first `count` rows of `from` to `at` in `to`. */
function copyRows(from: ActivationRows, count: number, to: ActivationRows, at: number): void {
  for (const name of ['text', 'position', 'token'] as const) {
    to[name].set(from[name].subarray(0, count), at);
  }
  for (const [site, { data, columns }] of to.activations) {
    const source = (from.activations.get(site) as Matrix).data;
    data.set(source.subarray(0, count * columns), at * columns);
  }
}

/** The rows after the first `count`, as views. */
function rowsBehind(rows: ActivationRows, count: number): ActivationRows {
  const left = rows.text.length - count;
  return {
    text: rows.text.subarray(count),
    position: rows.position.subarray(count),
    token: rows.token.subarray(count),
    activations: new Map(
      [...rows.activations].map(([site, { data, columns }]) => [
        site,
        matrix(left, columns, data.subarray(count * columns)),
      ]),
    ),
  };
}
