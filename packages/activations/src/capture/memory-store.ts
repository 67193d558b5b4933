import { FeedprintError, createScaleMeter, matrix } from '@feedprint/core';
import type { ActivationRows, ActivationStore, Matrix, Site } from '@feedprint/core';
import { createAccumulator } from './accumulator.ts';
import { checkRange } from './check-range.ts';

/**
 * Activations kept in memory: for small pipelines and tests. Throws `shape-mismatch` for parts with unequal numbers of
 * rows.
 */
export function createMemoryStore(rows: ActivationRows): ActivationStore {
  const { text, position, token, activations } = rows;
  createAccumulator([...activations.keys()]).add(rows);
  const of = (site: Site): Matrix => {
    const found = activations.get(site);
    if (found) return found;
    throw new FeedprintError({
      code: 'usage',
      message: `there are no activations of ${site}`,
      remedy: `read one of ${[...activations.keys()].join(', ')}`,
    });
  };
  return {
    sites: [...activations.keys()],
    rows: text.length,
    provenance: { text, position, token },
    width: (site) => of(site).columns,
    async read(site, start, end) {
      const { columns, data } = of(site);
      checkRange('the store', start, end, text.length);
      return matrix(end - start, columns, data.slice(start * columns, end * columns));
    },
    async scale(site) {
      const meter = createScaleMeter(of(site).columns);
      meter.add(of(site));
      return meter.result();
    },
  };
}
