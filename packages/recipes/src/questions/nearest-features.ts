import { row } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';

/** A feature whose decoder vector is like another one's. */
export interface NearFeature {
  readonly index: number;
  readonly cosine: number;
}

/** The features of a dictionary whose decoder vectors have the largest cosines with a direction, but for `without`. */
export function nearestFeatures(
  direction: Float32Array,
  { weights: { wDec } }: Pick<SparseAutoencoder, 'weights'>,
  { top, without }: { readonly top: number; readonly without?: number },
): NearFeature[] {
  const own = Math.hypot(...direction);
  const found: NearFeature[] = [];
  for (let index = 0; index < wDec.rows; index++) {
    const vector = row(wDec, index);
    const norm = own * Math.hypot(...vector);
    if (index === without || !(norm > 0)) continue;
    let dot = 0;
    for (let i = 0; i < direction.length; i++)
      dot += (direction[i] as number) * (vector[i] as number);
    found.push({ index, cosine: dot / norm });
  }
  return found.sort((a, b) => b.cosine - a.cosine || a.index - b.index).slice(0, top);
}
