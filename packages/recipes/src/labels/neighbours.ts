import { row } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';

/** For each feature, the other one whose decoder vector has the largest cosine with its own; undefined if there is none. */
export function neighbours(
  { weights: { wDec } }: Pick<SparseAutoencoder, 'weights'>,
  features: readonly number[],
): (number | undefined)[] {
  const norms = Array.from({ length: wDec.rows }, (_, f) => Math.hypot(...row(wDec, f)));
  return features.map((feature) => {
    const own = row(wDec, feature);
    let best: number | undefined;
    let most = -Infinity;
    for (let other = 0; other < wDec.rows; other++) {
      const norm = norms[other] as number;
      if (other === feature || !(norm > 0)) continue;
      const theirs = row(wDec, other);
      let dot = 0;
      for (let i = 0; i < own.length; i++) dot += (own[i] as number) * (theirs[i] as number);
      if (dot / norm > most) [most, best] = [dot / norm, other];
    }
    return best;
  });
}
