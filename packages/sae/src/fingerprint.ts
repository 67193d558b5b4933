import { createHash } from 'node:crypto';
import type { SparseAutoencoder } from '@feedprint/core';

/** SHA-256 of everything that an SAE computes with: equal for SAEs of the same kind, site and weights. */
export function saeFingerprint(sae: SparseAutoencoder): string {
  const { kind, site, dIn, dSae, weights } = sae;
  const { wEnc, bEnc, wDec, bDec, extra = {} } = weights;
  const names = Object.keys(extra).sort();
  const architecture = 'architecture' in sae ? sae.architecture : { kind };
  return hashOf(
    [wEnc.data, bEnc, wDec.data, bDec, ...names.map((name) => extra[name] as Float32Array)],
    JSON.stringify([architecture, site, dIn, dSae, names]),
  );
}

/** SHA-256 of a text followed by numbers, in hexadecimal. */
export function hashOf(arrays: readonly (Float32Array | Int32Array)[], text = ''): string {
  const hash = createHash('sha256').update(text);
  for (const { buffer, byteOffset, byteLength } of arrays) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
