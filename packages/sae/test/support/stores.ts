import { matrix, norm, row } from '@feedprint/core';
import type { ActivationStore, Matrix } from '@feedprint/core';
import { SITE } from './saes.ts';

/** The least that training needs of a store: rows of one site, or of several by name. `texts` tells stores of other tokens apart. */
export function storeOf(
  rows: Matrix | Readonly<Record<string, Matrix>>,
  texts = 0,
): ActivationStore {
  const sites: Readonly<Record<string, Matrix>> = isMatrix(rows) ? { [SITE]: rows } : rows;
  const of = (site: string): Matrix => sites[site] as Matrix;
  const names = Object.keys(sites);
  const { rows: count } = of(names[0] as string);
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  return {
    sites: names,
    rows: count,
    provenance: { text: numbers.map(() => texts), position: numbers, token: numbers },
    width: (site) => of(site).columns,
    read: async (site, start, end) => {
      const { columns, data } = of(site);
      return matrix(end - start, columns, data.slice(start * columns, end * columns));
    },
    scale: async (site) => {
      const mean = new Float64Array(of(site).columns);
      let norms = 0;
      for (let r = 0; r < count; r++) {
        row(of(site), r).forEach((v, i) => (mean[i] = (mean[i] as number) + v / count));
        norms += norm(row(of(site), r));
      }
      return { mean: Float32Array.from(mean), meanNorm: norms / count };
    },
  };
}

const isMatrix = (rows: Matrix | Readonly<Record<string, Matrix>>): rows is Matrix =>
  rows['data'] instanceof Float32Array;
