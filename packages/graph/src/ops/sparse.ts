import { shapeError } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { customGradient } from './custom-gradient.ts';
import { add, mul } from './elementwise.ts';
import { matmul, swapLast } from './linear.ts';
import { scatterAdd } from './scatter.ts';
import { gather } from './gather.ts';
import { reshape } from './shape.ts';
import { topKWithIndices } from './top-k.ts';

/** A `[rows, columns]` matrix with k numbers per row, and 0 elsewhere. */
export interface SparseRows {
  /** `[rows, k]` */
  readonly values: Tensor;
  /** Columns of the values, int64 `[rows, k]`; distinct within a row. */
  readonly indices: Tensor;
  readonly columns: number;
}

/**
 * The k largest numbers of each row of x weights^T + bias. `x [rows, width]`, `weights [columns, width]`, `bias [columns]`.
 * Gradients cost as much as k columns per row.
 */
export function topKProjection(x: Tensor, weights: Tensor, bias: Tensor, k: number): SparseRows {
  const columns = weights.shape[0] as number;
  const top = topKWithIndices(add(matmul(x, swapLast(weights)), bias), k);
  const { indices } = top;
  const values = customGradient(top.values, [x, weights, bias], (g) => {
    const slopes: SparseRows = { values: g, indices, columns };
    return [sparseMatmul(slopes, weights), transposedMatmul(slopes, x), columnSums(slopes)];
  });
  return { values, indices, columns };
}

/** Sparse rows times a matrix `[columns, width]` -> `[rows, width]`. */
export function sparseMatmul(sparse: SparseRows, matrix: Tensor): Tensor {
  const { values, indices, columns } = sparse;
  const [rows, k] = values.shape as [number, number];
  const width = matrix.shape[1] as number;
  if (matrix.shape[0] !== columns) throw shapeError('sparseMatmul', [rows, columns], matrix.shape);
  const used = gather(matrix, indices);
  const product = reshape(matmul(reshape(values, [rows, 1, k]), used), [rows, width]);
  return customGradient(
    product,
    [values, matrix],
    (g) => [
      reshape(matmul(used, reshape(g, [rows, width, 1])), [rows, k]),
      transposedMatmul(sparse, g),
    ],
    () => matmul(reshape(columnSums(sparse), [1, columns]), matrix),
  );
}

/** Transposed sparse rows times a matrix `[rows, width]` -> `[columns, width]`. No gradient. */
function transposedMatmul({ values, indices, columns }: SparseRows, matrix: Tensor): Tensor {
  const [rows, k] = values.shape as [number, number];
  const width = matrix.shape[1] as number;
  const products = mul(reshape(values, [rows, k, 1]), reshape(matrix, [rows, 1, width]));
  return scatterAdd(zeros(values, [columns, width]), indices, products);
}

/** Sums over the rows, `[columns]`. */
export const columnSums = ({ values, indices, columns }: SparseRows): Tensor =>
  scatterAdd(zeros(values, [columns]), indices, values);

const zeros = ({ graph }: Tensor, shape: readonly number[]): Tensor =>
  graph.node('Expand', [graph.scalar(0), graph.integers(shape)], { shape });
