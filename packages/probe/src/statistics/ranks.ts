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
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values).sort();
  const runEnds = new Int32Array(sorted.length);
  for (let i = sorted.length - 1; i >= 0; i--) {
    runEnds[i] = sorted[i] === sorted[i + 1] ? (runEnds[i + 1] as number) : i + 1;
  }
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < ranks.length; i++) {
    const below = countBelow(sorted, values[i] as number);
    ranks[i] = (below + 1 + (runEnds[below] as number)) / 2;
  }
  return ranks;
}

/** Whole numbers in the order of the values, equal for equal values: how many values are less. */
export function competitionRanks(values: ArrayLike<number>): Int32Array {
  const sorted = new Float64Array(values).sort();
  const ranks = new Int32Array(values.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = countBelow(sorted, values[i] as number);
  return ranks;
}
