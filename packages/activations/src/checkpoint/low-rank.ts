/** Factors of an update with rank `rank` to a weight `[rows, columns]`. */
export interface LowRank {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** `[rows, rank]`. */
  readonly left: Float32Array;
  /** `[rank, columns]`. */
  readonly right: Float32Array;
  readonly scale: number;
}

/**
 * Adds `scale * left right` to `weight` `[rows, columns]`, in place; sums in f64. Two rows and four terms at a time, so
 * that loaded numbers are used eight times each.
 */
export function addLowRank(weight: Float32Array, update: LowRank): void {
  const { rows, columns, rank, scale } = update;
  const depth = 4 * Math.ceil(rank / 4);
  const right = new Float64Array(depth * columns);
  right.set(update.right);
  const left = new Float64Array(2 * Math.ceil(rows / 2) * depth);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < rank; k++) {
      left[row * depth + k] = scale * (update.left[row * rank + k] as number);
    }
  }
  const sums = new Float64Array(2 * columns);
  for (let row = 0; row < rows; row += 2) {
    sums.fill(0);
    for (let k = 0; k < depth; k += 4) {
      addTerms(sums, left, row * depth + k, depth, right, k * columns, columns);
    }
    const length = Math.min(2, rows - row) * columns;
    for (let i = 0, at = row * columns; i < length; i++, at++) {
      weight[at] = (weight[at] as number) + (sums[i] as number);
    }
  }
}

/**
 * Adds the products of four columns of two rows of `left`, at `l` and `l + depth`, and four rows of `right`, from `r`
 * on.
 */
function addTerms(
  sums: Float64Array,
  left: Float64Array,
  l: number,
  depth: number,
  right: Float64Array,
  r: number,
  columns: number,
): void {
  const [a0, a1, a2, a3] = left.subarray(l, l + 4) as unknown as Four;
  const [b0, b1, b2, b3] = left.subarray(l + depth, l + depth + 4) as unknown as Four;
  const [r1, r2, r3] = [r + columns, r + 2 * columns, r + 3 * columns];
  for (let i = 0; i < columns; i++) {
    const x0 = right[r + i] as number;
    const x1 = right[r1 + i] as number;
    const x2 = right[r2 + i] as number;
    const x3 = right[r3 + i] as number;
    sums[i] = (sums[i] as number) + (a0 * x0 + a1 * x1) + (a2 * x2 + a3 * x3);
    const j = columns + i;
    sums[j] = (sums[j] as number) + (b0 * x0 + b1 * x1) + (b2 * x2 + b3 * x3);
  }
}

type Four = readonly [number, number, number, number];

/** `[rows, columns]` as `[columns, rows]`. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c] as number;
  }
  return result;
}
