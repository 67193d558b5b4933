import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { matrix, row } from '@feedprint/core';
import type { Matrix, SaeFormat, SaeTrainer, SparseAutoencoder } from '@feedprint/core';

/** A dictionary of the axes: feature f is unit f of the site, features past the site's width are always silent. */
export function createAxisSae(site: string, dIn: number, dSae: number): SparseAutoencoder {
  const axes = (rows: number, columns: number): Matrix => {
    const m = matrix(rows, columns);
    for (let i = 0; i < Math.min(rows, columns); i++) m.data[i * columns + i] = 1;
    return m;
  };
  const resize = (x: Matrix, columns: number, keep: (unit: number) => boolean): Matrix => {
    const result = matrix(x.rows, columns);
    for (let r = 0; r < x.rows; r++) {
      row(x, r).forEach((v, unit) => {
        if (unit < columns && keep(unit)) result.data[r * columns + unit] = v;
      });
    }
    return result;
  };
  return {
    kind: 'axes',
    site,
    dIn,
    dSae,
    weights: {
      wEnc: axes(dIn, dSae),
      bEnc: new Float32Array(dSae),
      wDec: axes(dSae, dIn),
      bDec: new Float32Array(dIn),
    },
    encode: (x) => Promise.resolve(resize(x, dSae, () => true)),
    decode: (z) => Promise.resolve(resize(z, dIn, () => true)),
    ablate: (features) => ({
      site,
      apply: (x) => resize(x, dIn, (unit) => !features.includes(unit)),
    }),
    reconstruct: () => ({ site, apply: (x) => resize(x, dIn, (unit) => unit < dSae) }),
    dispose: () => Promise.resolve(),
  };
}

/** "Trains" axis dictionaries. */
export const axisTrainer: SaeTrainer = {
  name: 'axes',
  settings: {},
  train: (store, { site, dSae, onStep }) => {
    onStep?.({ step: 1, steps: 1, mse: 0, explainedVariance: 1, l0: 2, loss: 0, dead: 0 });
    return Promise.resolve(createAxisSae(site, store.width(site), dSae));
  },
  trainAll: (jobs) => Promise.all(jobs.map(({ store, ...job }) => axisTrainer.train(store, job))),
};

export const axisFormat: SaeFormat = {
  name: 'axes',
  settings: {},
  save: ({ site, dIn, dSae }, folder) =>
    writeFile(join(folder, 'sae.json'), JSON.stringify({ site, dIn, dSae })),
  load: async (folder) => {
    const json = await readFile(join(folder, 'sae.json'), 'utf8');
    const { site, dIn, dSae } = JSON.parse(json) as Pick<
      SparseAutoencoder,
      'site' | 'dIn' | 'dSae'
    >;
    return createAxisSae(site, dIn, dSae);
  },
};
