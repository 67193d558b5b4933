import { FeedprintError } from '@feedprint/core';
import type { VocabularySums } from './model-changes.ts';

/** How tuning changed the next-token distribution at one position, in nats. */
export interface NextTokenKl {
  /** KL(tuned || base). */
  kl: number;
  /** KL(base || tuned). */
  reverse: number;
  /** The token with the largest part of `kl`: what tuning made more probable there. */
  gained: number;
}

export const createVocabularySums = (vocabularySize: number): VocabularySums => ({
  kl: new Float64Array(vocabularySize),
  base: new Float64Array(vocabularySize),
  tuned: new Float64Array(vocabularySize),
});

/** Measures one position after another in buffers of its own; see `measure`. */
export interface NextTokenMeter {
  /**
   * From both models' logits `[vocabulary]`, in f64; exactly 0 for equal logits. The result is overwritten by the next
   * call. Throws `numbers-invalid` for logits that are not finite, except where both models exclude a token (minus
   * infinity).
   */
  measure(base: Float32Array, tuned: Float32Array, sums?: VocabularySums): Readonly<NextTokenKl>;
  /** log p_tuned / p_base of a token at the position measured last. */
  logRatio(token: number): number;
}

export function createNextTokenMeter(vocabularySize: number): NextTokenMeter {
  const p = new Float64Array(vocabularySize);
  const q = new Float64Array(vocabularySize);
  const result: NextTokenKl = { kl: 0, reverse: 0, gained: 0 };
  let last: { readonly base: Float32Array; readonly tuned: Float32Array; readonly shift: number };
  return {
    measure(base, tuned, sums) {
      const [sumQ, sumP] = [exponentials(base, q), exponentials(tuned, p)];
      const shift = Math.log(sumP.sum) + sumP.top - (Math.log(sumQ.sum) + sumQ.top);
      let [kl, reverse, most] = [0, 0, -Infinity];
      for (let v = 0; v < vocabularySize; v++) {
        const pv = (p[v] as number) / sumP.sum;
        const qv = (q[v] as number) / sumQ.sum;
        // For tokens that neither model ever says, minus infinity on both sides: 0 log 0 = 0.
        if (pv === 0 && qv === 0) continue;
        const ratio = (tuned[v] as number) - (base[v] as number) - shift;
        const part = pv === 0 ? 0 : pv * ratio;
        kl += part;
        if (qv > 0) reverse -= qv * ratio;
        if (part > most) {
          most = part;
          result.gained = v;
        }
        if (sums) {
          sums.kl[v] = (sums.kl[v] as number) + part;
          sums.base[v] = (sums.base[v] as number) + qv;
          sums.tuned[v] = (sums.tuned[v] as number) + pv;
        }
      }
      if (!Number.isFinite(kl) || !Number.isFinite(reverse)) throw notFinite(kl, reverse);
      // Only rounding can make them negative.
      result.kl = Math.max(0, kl);
      result.reverse = Math.max(0, reverse);
      last = { base, tuned, shift };
      return result;
    },
    logRatio: (token) => (last.tuned[token] as number) - (last.base[token] as number) - last.shift,
  };
}

/** Fills `target` with exp(logit - top); returns their sum and the top. */
function exponentials(
  logits: Float32Array,
  target: Float64Array,
): { readonly sum: number; readonly top: number } {
  let top = -Infinity;
  for (let v = 0; v < target.length; v++)
    if ((logits[v] as number) > top) top = logits[v] as number;
  let sum = 0;
  for (let v = 0; v < target.length; v++) sum += target[v] = Math.exp((logits[v] as number) - top);
  return { sum, top };
}

const notFinite = (kl: number, reverse: number): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `the divergence of two next-token distributions is ${kl} one way and ${reverse} the other`,
    remedy: 'use weights that the architecture can run in 32-bit floats',
  });
