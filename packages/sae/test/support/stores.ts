import { matrix, norm, row } from '@feedprint/core';
import type { ActivationStore, Matrix } from '@feedprint/core';

/** The least that a trainer needs of a store: sites with their rows, in memory. */
export function storeOf(sites: Readonly<Record<string, Matrix>>): ActivationStore {
  const names = Object.keys(sites);
  const of = (site: string): Matrix => sites[site] as Matrix;
  const { rows } = of(names[0] as string);
  const none = new Int32Array(rows);
  return {
    sites: names,
    rows,
    provenance: { text: none, position: none, token: none },
    width: (site) => of(site).columns,
    read: async (site, start, end) => {
      const { columns, data } = of(site);
      return matrix(end - start, columns, data.slice(start * columns, end * columns));
    },
    scale: async (site) => {
      const all = Array.from({ length: rows }, (_, r) => row(of(site), r));
      const mean = new Float32Array(of(site).columns);
      for (const x of all) x.forEach((v, i) => (mean[i] = (mean[i] as number) + v / rows));
      return { mean, meanNorm: all.reduce((sum, x) => sum + norm(x), 0) / rows };
    },
  };
}
