import { matrix } from '@feedprint/core';
import type { Matrix, SparseAutoencoder } from '@feedprint/core';
import { SITE } from './saes.ts';

/** An SAE that encodes rows as they are (negative numbers too) and decodes them by `map`, row for row. */
export function mappingSae(
  dIn: number,
  map: (row: Float32Array) => ArrayLike<number>,
  site = SITE,
): SparseAutoencoder {
  const decode = (z: Matrix): Matrix => {
    const y = matrix(z.rows, dIn);
    for (let r = 0; r < z.rows; r++) {
      y.data.set(map(z.data.slice(r * dIn, (r + 1) * dIn)), r * dIn);
    }
    return y;
  };
  return {
    ...decoderOnly(matrix(dIn, dIn)),
    kind: 'mapping',
    site,
    encode: (x) => Promise.resolve(x),
    decode: (z) => Promise.resolve(decode(z)),
    reconstruct: () => ({ site, apply: decode }),
  };
}

/** An SAE of which the decoder alone matters, `[dSae, dIn]`; it has no active features. */
export function decoderOnly(wDec: Matrix): SparseAutoencoder {
  const { rows: dSae, columns: dIn } = wDec;
  return {
    kind: 'decoder',
    site: SITE,
    dIn,
    dSae,
    weights: {
      wEnc: matrix(dIn, dSae),
      bEnc: new Float32Array(dSae),
      wDec,
      bDec: new Float32Array(dIn),
    },
    encode: (x) => Promise.resolve(matrix(x.rows, dSae)),
    decode: (z) => Promise.resolve(matrix(z.rows, dIn)),
    ablate: () => ({ site: SITE, apply: (x) => x }),
    reconstruct: () => ({ site: SITE, apply: (x) => matrix(x.rows, dIn) }),
    dispose: () => Promise.resolve(),
  };
}
