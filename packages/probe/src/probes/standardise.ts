import type { Matrix } from '@feedprint/core';
import type { Rows } from '@feedprint/core/linear-algebra';

/** Mean and spread of each column over the rows that a probe was fitted on. */
export interface ColumnScaling {
  /** `[columns]` */
  readonly mean: Float64Array;
  /** `[columns]`, standard deviation (dividing by n); 0 marks a constant column, which probes leave out. */
  readonly scale: Float64Array;
}

export function columnScaling({ rows, columns, data }: Matrix): ColumnScaling {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = data[i * columns + j] as number;
      sums[j] = (sums[j] as number) + value;
      if (value !== data[j]) varies[j] = 1;
    }
  }
  const mean = sums.map((sum) => sum / rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const deviation = (data[i * columns + j] as number) - (mean[j] as number);
      squares[j] = (squares[j] as number) + deviation * deviation;
    }
  }
  const scale = squares.map((sum, j) => (varies[j] ? Math.sqrt(sum / rows) : 0));
  return { mean, scale };
}

/** The columns that vary, with mean 0 and standard deviation 1, and their indices in `x`. */
export function standardise(
  x: Matrix,
  { mean, scale }: ColumnScaling,
): { readonly z: Rows; readonly kept: Int32Array } {
  const kept = Int32Array.from(scale.keys()).filter((j) => scale[j] !== 0);
  const z = new Float64Array(x.rows * kept.length);
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < kept.length; k++) {
      const j = kept[k] as number;
      const value = x.data[i * x.columns + j] as number;
      z[i * kept.length + k] = (value - (mean[j] as number)) / (scale[j] as number);
    }
  }
  return { z: { rows: x.rows, columns: kept.length, data: z }, kept };
}

/** One weight per column of the unstandardised matrix: those of the kept columns in place, 0 elsewhere. */
export function spreadWeights(
  weights: Float64Array,
  kept: Int32Array,
  columns: number,
): Float64Array {
  const result = new Float64Array(columns);
  kept.forEach((j, k) => (result[j] = weights[k] as number));
  return result;
}
