import { FeedprintError, dot, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** Positions that predict a word, seen through one site of both models; matrices have one row per position. */
export interface ChangeEvidence {
  /** Gradient of log p_tuned(word) (nats) with respect to the tuned model's activation, `[positions, width]`. */
  readonly gradient: Matrix;
  /** `[positions, width]` */
  readonly activations: { readonly tuned: Matrix; readonly base: Matrix };
  /** Both encoded by the same SAE, `[positions, dSae]`. */
  readonly features: { readonly tuned: Matrix; readonly base: Matrix };
  /** The SAE's decoder, `[dSae, width]`. */
  readonly wDec: Matrix;
  /** Index of the word that each position predicts. */
  readonly word: Int32Array;
  /** Number of words. */
  readonly words: number;
}

/**
 * How changes of features move the log-probability of words, to first order, in nats; means over each word's positions.
 */
export interface ChangeAttribution {
  /** `[words, dSae]`; 0 for words without positions. */
  readonly contributions: Matrix;
  /** Effect of the site's whole change, per word: the sum of its contributions and `error`. */
  readonly total: Float64Array;
  /** Effect of what the SAE does not reconstruct, per word. */
  readonly error: Float64Array;
  /** Number of positions of each word. */
  readonly n: Int32Array;
}

/**
 * Attributes the change of a log-probability to the changes of the features at the position where it is predicted, to
 * first order: with g the gradient with respect to a site's activation x, and z the features of one SAE,
 *
 *   g . (x_tuned - x_base) = sum_f (z_f(x_tuned) - z_f(x_base)) (W_dec[f] . g) + g . (e_tuned - e_base),
 *
 * where e is what the SAE does not reconstruct (attribution patching: Nanda 2023; by features: Marks et al. 2024,
 * section 3.1). Returns means over each word's positions. Throws `shape-mismatch` for matrices that do not fit
 * together.
 */
export function attributeChange({
  gradient,
  activations,
  features,
  wDec,
  word,
  words,
}: ChangeEvidence): ChangeAttribution {
  const { rows, columns: width } = gradient;
  const fits =
    word.length === rows &&
    wDec.columns === width &&
    [activations.tuned, activations.base].every((x) => x.rows === rows && x.columns === width) &&
    [features.tuned, features.base].every((z) => z.rows === rows && z.columns === wDec.rows);
  if (!fits) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `cannot attribute changes at ${word.length} positions with gradients [${rows}, ${width}] to features [${features.tuned.rows}, ${features.tuned.columns}]`,
      remedy: 'pass one row per position in every matrix, and the decoder of the SAE of that site',
    });
  }
  const n = new Int32Array(words);
  for (const w of word) n[w] = (n[w] as number) + 1;
  const total = new Float64Array(words);
  const byFeature = new Float64Array(words);
  const sums = new Float64Array(words * wDec.rows);
  for (let r = 0; r < rows; r++) {
    const w = word[r] as number;
    const g = row(gradient, r);
    const [tuned, base] = [row(features.tuned, r), row(features.base, r)];
    const share = 1 / (n[w] as number);
    for (let f = 0; f < wDec.rows; f++) {
      const change = (tuned[f] as number) - (base[f] as number);
      if (change === 0) continue;
      const part = share * change * dot(row(wDec, f), g);
      const at = w * wDec.rows + f;
      sums[at] = (sums[at] as number) + part;
      byFeature[w] = (byFeature[w] as number) + part;
    }
    const moved = dot(g, row(activations.tuned, r)) - dot(g, row(activations.base, r));
    total[w] = (total[w] as number) + share * moved;
  }
  return {
    contributions: matrix(words, wDec.rows, Float32Array.from(sums)),
    total,
    error: total.map((value, w) => value - (byFeature[w] as number)),
    n,
  };
}
