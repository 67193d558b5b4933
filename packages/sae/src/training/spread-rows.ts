import { matrix } from '@feedprint/core';
import type { ActivationStore, Matrix, Site } from '@feedprint/core';
import type { RowReader } from '../metrics/row-reader.ts';

/** Neighbouring rows that are taken together. */
const CHUNK = 1024;

/** About `wanted` rows of a store, in chunks spread evenly over it; all of them where there are no more. */
export function spreadRows(store: ActivationStore, site: Site, wanted = 131_072): RowReader {
  if (store.rows <= wanted) {
    return { count: store.rows, read: (start, end) => store.read(site, start, end) };
  }
  const all = Math.floor(store.rows / CHUNK);
  const chunks = Math.min(all, Math.max(1, Math.round(wanted / CHUNK)));
  /** The store's row of a chosen row. */
  const rowOf = (chosen: number): number =>
    Math.floor((Math.floor(chosen / CHUNK) * all) / chunks) * CHUNK + (chosen % CHUNK);
  return {
    count: chunks * CHUNK,
    async read(start, end) {
      const width = store.width(site);
      const result = matrix(end - start, width);
      for (let at = start; at < end;) {
        const next = Math.min(end, (Math.floor(at / CHUNK) + 1) * CHUNK);
        const read: Matrix = await store.read(site, rowOf(at), rowOf(at) + next - at);
        result.data.set(read.data, (at - start) * width);
        at = next;
      }
      return result;
    },
  };
}
