import { FeedprintError } from '@feedprint/core';

/** Counts `[[a, b], [c, d]]`. */
export type ContingencyTable = readonly [
  readonly [a: number, b: number],
  readonly [c: number, d: number],
];

export interface FisherExact {
  /** `ad / bc`; `null` if it is infinite or undefined. */
  readonly oddsRatio: number | null;
  /** Two-sided: probability of a table no more probable than this one, given its margins. */
  readonly p: number;
  /** Probability of an `a` at least as large. */
  readonly pGreater: number;
}

/** Tables whose probabilities differ by less than rounding count as equally probable (as in R's `fisher.test`). */
const tieTolerance = 1 + 1e-7;

/**
 * Fisher's exact test of a 2 x 2 table. Throws `numbers-invalid` unless the counts are whole and not negative.
 * The hypergeometric distribution is built from its mode outwards by the ratio of neighbours, so that large counts lose
 * no precision; time is linear in the smallest margin.
 */
export function fisherExact(table: ContingencyTable): FisherExact {
  const [[a, b], [c, d]] = table;
  for (const count of [a, b, c, d]) assertCount(count);
  const rowSum = a + b;
  const columnSum = a + c;
  if (rowSum === 0 || columnSum === 0 || c + d === 0 || b + d === 0) {
    return { oddsRatio: null, p: 1, pGreater: 1 };
  }
  const first = Math.max(0, a - d);
  const last = Math.min(rowSum, columnSum);
  const total = rowSum + c + d;
  const mode = Math.floor(((rowSum + 1) * (columnSum + 1)) / (total + 2));
  const ratioToNext = (k: number): number =>
    ((rowSum - k) * (columnSum - k)) / ((k + 1) * (total - rowSum - columnSum + k + 1));
  const weights = new Float64Array(last - first + 1);
  weights[mode - first] = 1;
  for (let k = mode; k < last; k++) {
    weights[k + 1 - first] = (weights[k - first] as number) * ratioToNext(k);
  }
  for (let k = mode - 1; k >= first; k--) {
    weights[k - first] = (weights[k + 1 - first] as number) / ratioToNext(k);
  }

  const observed = weights[a - first] as number;
  const all = sumAscending(weights);
  const share = (part: Float64Array): number => Math.min(1, sumAscending(part) / all);
  return {
    oddsRatio: b === 0 || c === 0 ? null : (a * d) / (b * c),
    p: share(weights.filter((weight) => weight <= observed * tieTolerance)),
    pGreater: share(weights.slice(a - first)),
  };
}

function sumAscending(weights: Float64Array): number {
  return weights
    .slice()
    .sort()
    .reduce((sum, weight) => sum + weight, 0);
}

function assertCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `a contingency table holds ${count}`,
    remedy: 'pass whole counts that are not negative',
  });
}
