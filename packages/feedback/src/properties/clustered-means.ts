/** A mean and its standard error. */
export interface ClusteredMean {
  readonly mean: number;
  /** NaN for fewer than two clusters. */
  readonly standardError: number;
  /** Number of values. */
  readonly n: number;
}

const FIRST = 1024;

/**
 * Weighted means of `width` columns of values that come in clusters, such as pairs of one prompt, and their standard
 * errors, which are robust to any dependence within clusters (Liang and Zeger 1986, with G / (G - 1) for G clusters).
 * NaN is left out. Keeps two numbers per cluster and column.
 */
export function createClusteredMeans(width: number) {
  let clusters = 0;
  let sums = new Float64Array(FIRST * width);
  let weights = new Float64Array(FIRST * width);
  const counts = new Float64Array(width);

  return {
    /** Adds a value to a column of a cluster; clusters are numbered from 0. */
    add: (cluster: number, column: number, value: number, weight: number): void => {
      if (Number.isNaN(value)) return;
      clusters = Math.max(clusters, cluster + 1);
      const at = cluster * width + column;
      if (at >= sums.length) {
        const length = Math.max(2 * sums.length, (cluster + 1) * width);
        sums = grown(sums, length);
        weights = grown(weights, length);
      }
      sums[at] = (sums[at] as number) + weight * value;
      weights[at] = (weights[at] as number) + weight;
      counts[column] = (counts[column] as number) + 1;
    },
    mean: (column: number): ClusteredMean => {
      let [sum, weight, groups, squares] = [0, 0, 0, 0];
      for (let at = column; at < clusters * width; at += width) {
        sum += sums[at] as number;
        weight += weights[at] as number;
        if (weights[at] !== 0) groups++;
      }
      const mean = sum / weight;
      for (let at = column; at < clusters * width; at += width) {
        squares += ((sums[at] as number) - mean * (weights[at] as number)) ** 2;
      }
      const variance = ((squares / (groups - 1)) * groups) / weight ** 2;
      return {
        mean,
        standardError: groups > 1 ? Math.sqrt(variance) : NaN,
        n: counts[column] as number,
      };
    },
  };
}

function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(length);
  more.set(values);
  return more;
}
