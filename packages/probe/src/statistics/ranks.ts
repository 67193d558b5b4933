/** How many of the ascending numbers `sorted` are less than `value`. */
export function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ranks from 1; equal numbers share the mean of their ranks. */
export const averageRanks = (values: ArrayLike<number>): Float64Array =>
  averageOfCompetition(competitionRanks(values));

/** Whole numbers in the order of the values, equal for equal values: how many values are less. */
export function competitionRanks(values: ArrayLike<number>): Int32Array {
  const sorted = new Float64Array(values).sort();
  const ranks = new Int32Array(values.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = countBelow(sorted, values[i] as number);
  return ranks;
}

/** `competitionRanks` of whole numbers from 0 to below `limit`, by counting. */
export function countedRanks(values: Int32Array, limit: number): Int32Array {
  const starts = countBelowEach(values, limit);
  return values.map((value) => starts[value] as number);
}

/** For each whole number from 0 up to and including `limit`, how many of the values are below it. */
export function countBelowEach(values: Int32Array, limit: number): Int32Array {
  const starts = new Int32Array(limit + 1);
  for (const value of values) starts[value + 1] = (starts[value + 1] as number) + 1;
  for (let i = 1; i <= limit; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  return starts;
}

/** `averageRanks` from competition ranks. */
export function averageOfCompetition(ranks: Int32Array): Float64Array {
  const counts = new Int32Array(ranks.length);
  for (const rank of ranks) counts[rank] = (counts[rank] as number) + 1;
  const averages = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i] as number;
    averages[i] = rank + ((counts[rank] as number) + 1) / 2;
  }
  return averages;
}
