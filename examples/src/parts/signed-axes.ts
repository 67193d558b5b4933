import { matrix, row } from '@feedprint/core';
import type { Matrix, Site, SparseAutoencoder } from '@feedprint/core';
import { mapRows, mismatch } from './map-rows.ts';

/** Two features per axis of a layer, one for either sign: feature f is axis f, feature f + dIn the same axis turned round. */
export function createSignedAxes(site: Site, dIn: number): SparseAutoencoder {
  const dSae = 2 * dIn;
  const [wEnc, wDec] = [matrix(dIn, dSae), matrix(dSae, dIn)];
  const sign = (f: number): number => (f < dIn ? 1 : -1);
  for (let f = 0; f < dSae; f++) row(wDec, f)[f % dIn] = row(wEnc, f % dIn)[f] = sign(f);
  const value = (x: Float32Array, f: number): number => Math.max(0, sign(f) * (x[f % dIn] ?? 0));
  const encode = async (x: Matrix): Promise<Matrix> =>
    mapRows(x, [dIn, dSae], (from, to) => to.forEach((_, f) => (to[f] = value(from, f))));
  const decode = async (z: Matrix): Promise<Matrix> =>
    mapRows(z, [dSae, dIn], (from, to) =>
      to.forEach((_, axis) => (to[axis] = (from[axis] ?? 0) - (from[axis + dIn] ?? 0))),
    );
  const ablate = (features: readonly number[]) => {
    const unknown = features.find((f) => !Number.isInteger(f) || f < 0 || f >= dSae);
    if (unknown !== undefined) throw mismatch(`feature ${unknown} of ${dSae}`);
    const without = (from: Float32Array, to: Float32Array): void => {
      to.set(from);
      for (const f of features) if (value(from, f) > 0) to[f % dIn] = 0;
    };
    return { site, apply: (x: Matrix) => mapRows(x, [dIn, dIn], without) };
  };
  const weights = { wEnc, bEnc: new Float32Array(dSae), wDec, bDec: new Float32Array(dIn) };
  const reconstruct = () => ({ site, apply: (x: Matrix) => x });
  const dispose = async () => undefined;
  return { kind: 'axes', site, dIn, dSae, weights, encode, decode, ablate, reconstruct, dispose };
}
