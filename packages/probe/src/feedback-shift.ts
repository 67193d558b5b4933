import { createRandom } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { intervalOf, tracedInterval } from './statistics/bca.ts';
import { drawBootstraps } from './statistics/bootstrap.ts';
import type { Interval } from './statistics/interval.ts';

/** How often a model expects each scored word, and what is stated of them. */
export interface StatedCounts {
  /** `[texts, words]`: the sum over a text's contexts of p(word | context). */
  readonly counts: Matrix;
  /** One per word. */
  readonly stated: ArrayLike<number>;
}

/**
 * The feedback that a model expects to be given for its next tokens, `[texts]`: the sum over a text's contexts and the scored words of
 * p(word | context) times what is stated of the word. Divided by the number of contexts, it is the expected stated feedback per next token.
 * Frequent words dominate it; `feedbackSlope` weighs words more evenly.
 */
export function expectedFeedback({ counts, stated }: StatedCounts): Float64Array {
  return Float64Array.from({ length: counts.rows }, (_, text) => {
    let sum = 0;
    for (let w = 0; w < counts.columns; w++) {
      sum += (counts.data[text * counts.columns + w] as number) * (stated[w] as number);
    }
    return sum;
  });
}

/** Expected count at which a word has half the weight of a frequent one: the main estimator's variance around its line doubles there. */
const RARE = 50;
/** Expected counts below this count as this, so that what underflows has a logarithm. */
const LEAST = 1e-30;

/**
 * How strongly the log-ratios of words follow what is stated of them: the slope of log(count / base count) on stated, in nats per unit of
 * stated feedback, by least squares with weights n / (n + 50), n a word's count under the base. Returned as one part per text, `[texts]`:
 * they sum to the slope, and each differs from its mean by the text's influence on the slope, to first order, so that a
 * bootstrap over texts resamples them. All 0 where stated feedback or base counts do not define a slope.
 */
export function feedbackSlope({
  counts,
  base,
  stated,
}: StatedCounts & { readonly base: Matrix }): Float64Array {
  const { rows, columns } = counts;
  const [total, of] = [columnSums(counts), columnSums(base)];
  const leverage = slopeLeverage(of, stated);
  const slope = total.reduce((sum, n, w) => {
    const ratio = Math.log(Math.max(n, LEAST)) - Math.log(Math.max(of[w] as number, LEAST));
    return sum + (leverage[w] as number) * ratio;
  }, 0);
  return Float64Array.from({ length: rows }, (_, text) => {
    let influence = 0;
    for (let w = 0; w < columns; w++) {
      const at = text * columns + w;
      const own = (counts.data[at] as number) / Math.max(total[w] as number, LEAST);
      const ofBase = (base.data[at] as number) / Math.max(of[w] as number, LEAST);
      influence += (leverage[w] as number) * (own - ofBase);
    }
    return slope / rows + influence;
  });
}

function columnSums({ data, rows, columns }: Matrix): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < rows * columns; at++) {
    sums[at % columns] = (sums[at % columns] as number) + (data[at] as number);
  }
  return sums;
}

/** By how much the slope rises per unit of each word's log-ratio; sums to 0. */
function slopeLeverage(counts: Float64Array, stated: ArrayLike<number>): Float64Array {
  const weights = counts.map((n) => n / (n + RARE));
  const whole = weights.reduce((a, b) => a + b, 0);
  const mean = weights.reduce((sum, weight, w) => sum + weight * (stated[w] as number), 0) / whole;
  const pulls = weights.map((weight, w) => weight * ((stated[w] as number) - mean));
  const square = pulls.reduce((sum, pull, w) => sum + pull * ((stated[w] as number) - mean), 0);
  return pulls.map((pull) => (square > 0 ? pull / square : 0));
}

/** What `expectedFeedback` or `feedbackSlope` says of three models, `[texts]` each. */
export interface ModelsToCompare {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

export interface ShiftOptions {
  readonly seed: number;
  /** Default 1000. */
  readonly resamples?: number;
}

export interface FeedbackShift {
  /** Figure of `to` minus figure of `from`, over all texts. */
  readonly value: number;
  /** 95 % bootstrap interval over texts; null for no texts. */
  readonly interval: Interval | null;
  /** Whether the interval leaves out 0: only then is there anything to be shared out. */
  readonly found: boolean;
}

/** How far two models are apart. `contexts` `[texts]`: the figure is per context; without it, it is the sum over texts. */
export function feedbackShift(
  { from, to, contexts }: ModelsToCompare & { readonly contexts?: ArrayLike<number> },
  { seed, resamples }: ShiftOptions,
): FeedbackShift {
  const shift = (texts: ArrayLike<number>): number => {
    const n = contexts ? sumAt(contexts, texts) : texts.length / from.length;
    return (sumAt(to, texts) - sumAt(from, texts)) / n;
  };
  const drawn = drawBootstraps(['shift'], (texts) => ({ shift: shift(texts) }), {
    items: from.length,
    random: createRandom(seed),
    ...(resamples !== undefined && { resamples }),
  });
  const interval = tracedInterval(drawn.shift) ?? null;
  return { value: drawn.shift.value ?? 0, interval, found: leavesOutZero(interval) };
}

export interface ShiftShare {
  /** null where `from` and `to` cannot be told apart. */
  readonly share: number | null;
  /** 95 % bootstrap interval over texts, the same texts drawn for all models. */
  readonly interval: Interval | null;
}

/**
 * How far an edit takes a model from `from` to `to`: (edited - from) / (to - from), 1 for all the way. It can lie outside of [0, 1], and the shares of
 * the parts of a model need not add up to 1. Equal seeds draw equal texts, so that shares of several edits can be compared.
 */
export function shareOfShift(
  { from, to, edited }: ModelsToCompare & { readonly edited: ArrayLike<number> },
  { seed, resamples }: ShiftOptions,
): ShiftShare {
  const whole = sum(to) - sum(from);
  const figures = (texts: ArrayLike<number>) => {
    const start = sumAt(from, texts);
    const shift = sumAt(to, texts) - start;
    // Shares of a shift that happens to have the other sign would mean the opposite.
    const share = shift * whole > 0 ? (sumAt(edited, texts) - start) / shift : undefined;
    return { shift, share };
  };
  const drawn = drawBootstraps(['shift', 'share'], figures, {
    items: from.length,
    random: createRandom(seed),
    ...(resamples !== undefined && { resamples }),
  });
  if (!leavesOutZero(intervalOf(drawn.shift) ?? null)) return { share: null, interval: null };
  return { share: drawn.share.value ?? null, interval: tracedInterval(drawn.share) ?? null };
}

const leavesOutZero = (interval: Interval | null): boolean =>
  interval !== null && (interval.low > 0 || interval.high < 0);

function sumAt(values: ArrayLike<number>, indices: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < indices.length; i++) total += values[indices[i] as number] as number;
  return total;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
