import type { Matrix } from '@feedprint/core';

/**
 * A matrix `[rows, columns]` defined by what it does to vectors, so that sparse and dense ones are fitted in the same
 * way.
 */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** Writes `x v` to `out` `[rows]`. */
  times(v: Float64Array, out: Float64Array): void;
  /** Writes `xᵀ u` to `out` `[columns]`. */
  transposeTimes(u: Float64Array, out: Float64Array): void;
  /** Diagonal of `xᵀ diag(weights) x` `[columns]`. */
  squares(weights: Float64Array): Float64Array;
  /** `xᵀ diag(weights) x` `[columns, columns]`. */
  gram(weights: Float64Array): Float64Array;
  /** These rows, in this order. */
  take(rows: ArrayLike<number>): Design;
}

/** Rows with few entries: row `i` holds `value[k]` in column `index[k]` for `start[i] <= k < start[i + 1]`. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly start: Int32Array;
  readonly index: Int32Array;
  readonly value: Float64Array;
}

export function sparseDesign(x: SparseRows): Design {
  const { rows, columns, start, index, value } = x;
  return {
    rows,
    columns,
    times(v, out) {
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let k = start[i] as number; k < (start[i + 1] as number); k++) {
          sum += (value[k] as number) * (v[index[k] as number] as number);
        }
        out[i] = sum;
      }
    },
    transposeTimes(u, out) {
      out.fill(0);
      for (let i = 0; i < rows; i++) {
        const factor = u[i] as number;
        for (let k = start[i] as number; k < (start[i + 1] as number); k++) {
          const j = index[k] as number;
          out[j] = (out[j] as number) + factor * (value[k] as number);
        }
      }
    },
    squares(weights) {
      const result = new Float64Array(columns);
      for (let i = 0; i < rows; i++) {
        for (let k = start[i] as number; k < (start[i + 1] as number); k++) {
          const j = index[k] as number;
          result[j] = (result[j] as number) + (weights[i] as number) * (value[k] as number) ** 2;
        }
      }
      return result;
    },
    gram(weights) {
      const result = new Float64Array(columns * columns);
      for (let i = 0; i < rows; i++) {
        for (let k = start[i] as number; k < (start[i + 1] as number); k++) {
          const at = (index[k] as number) * columns;
          const factor = (weights[i] as number) * (value[k] as number);
          for (let l = start[i] as number; l < (start[i + 1] as number); l++) {
            const j = at + (index[l] as number);
            result[j] = (result[j] as number) + factor * (value[l] as number);
          }
        }
      }
      return result;
    },
    take: (kept) => sparseDesign(takeSparse(x, kept)),
  };
}

function takeSparse(
  { columns, start, index, value }: SparseRows,
  kept: ArrayLike<number>,
): SparseRows {
  const entries = Array.from(kept, (i) => [start[i] as number, start[i + 1] as number] as const);
  const starts = new Int32Array(kept.length + 1);
  entries.forEach(([from, to], r) => (starts[r + 1] = (starts[r] as number) + to - from));
  const result = {
    rows: kept.length,
    columns,
    start: starts,
    index: new Int32Array(starts[kept.length] as number),
    value: new Float64Array(starts[kept.length] as number),
  };
  entries.forEach(([from, to], r) => {
    result.index.set(index.subarray(from, to), starts[r]);
    result.value.set(value.subarray(from, to), starts[r]);
  });
  return result;
}

/** The columns of `x`, each divided by its entry of `scale` (0: the column is left at zero). */
export function denseDesign({ rows, columns, data }: Matrix, scale: Float64Array): Design {
  const inverse = scale.map((s) => (s > 0 ? 1 / s : 0));
  const scaled = new Float64Array(columns);
  const design: Design = {
    rows,
    columns,
    times(v, out) {
      for (let j = 0; j < columns; j++) scaled[j] = (v[j] as number) * (inverse[j] as number);
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        const at = i * columns;
        for (let j = 0; j < columns; j++) sum += (data[at + j] as number) * (scaled[j] as number);
        out[i] = sum;
      }
    },
    transposeTimes(u, out) {
      out.fill(0);
      for (let i = 0; i < rows; i++) {
        const factor = u[i] as number;
        const at = i * columns;
        for (let j = 0; j < columns; j++)
          out[j] = (out[j] as number) + factor * (data[at + j] as number);
      }
      for (let j = 0; j < columns; j++) out[j] = (out[j] as number) * (inverse[j] as number);
    },
    squares(weights) {
      const result = new Float64Array(columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const entry = (data[i * columns + j] as number) * (inverse[j] as number);
          result[j] = (result[j] as number) + (weights[i] as number) * entry * entry;
        }
      }
      return result;
    },
    gram(weights) {
      const result = new Float64Array(columns * columns);
      for (let i = 0; i < rows; i++) {
        for (let a = 0; a < columns; a++) {
          const factor =
            (weights[i] as number) * (data[i * columns + a] as number) * (inverse[a] as number);
          if (factor === 0) continue;
          for (let b = 0; b < columns; b++) {
            const at = a * columns + b;
            result[at] =
              (result[at] as number) +
              factor * (data[i * columns + b] as number) * (inverse[b] as number);
          }
        }
      }
      return result;
    },
    take(kept) {
      const part = new Float32Array(kept.length * columns);
      for (let r = 0; r < kept.length; r++) {
        const from = (kept[r] as number) * columns;
        part.set(data.subarray(from, from + columns), r * columns);
      }
      return denseDesign({ rows: kept.length, columns, data: part }, scale);
    },
  };
  return design;
}
