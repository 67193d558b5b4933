import { FeedprintError, matrix, takeRows } from '@feedprint/core';
import type { Matrix, RunRequest, RunResult } from '@feedprint/core';
import type { OrtModule } from '@feedprint/graph';
import type { Tensor } from 'onnxruntime-node';
import type { TokenBatch } from '../model/token-batch.ts';
import { unsupportedOnnx } from './onnx-model.ts';
import { toFloats, withFloats } from './to-floats.ts';

/** The real positions of a tensor `[batch, length, ...]` or `[batch * length, ...]`: `[positions, width]`. */
export function unpad(name: string, tensor: Tensor, batch: TokenBatch): Matrix {
  const { dims } = tensor;
  const places = batch.batch * batch.length;
  const leading = dims.length < 3 ? [places] : [batch.batch, batch.length];
  const data = toFloats(tensor);
  if (!data || leading.some((size, axis) => dims[axis] !== size)) {
    throw unsupportedOnnx(
      name,
      `it is ${tensor.type} [${dims.join(', ')}] for ${batch.batch} rows of ${batch.length} tokens`,
      'use another site, or an export that keeps all positions',
    );
  }
  return takeRows(matrix(places, data.length / places, data), batch.kept);
}

/** The tensor with other numbers at its real positions; padding is left as it is. Throws `shape-mismatch`. */
export function repad(ort: OrtModule, tensor: Tensor, edited: Matrix, batch: TokenBatch): Tensor {
  const data = (toFloats(tensor) as Float32Array).slice();
  const width = data.length / (batch.batch * batch.length);
  if (edited.rows !== batch.kept.length || edited.columns !== width) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `an edit returned [${edited.rows}, ${edited.columns}] for [${batch.kept.length}, ${width}]`,
      remedy: "return one row per position, of the site's width",
    });
  }
  batch.kept.forEach((place, i) =>
    data.set(edited.data.subarray(i * width, (i + 1) * width), place * width),
  );
  return withFloats(ort, tensor, data);
}

/** What a request asks for, taken from the logits of all positions `[positions, vocabulary]`. */
export function scoresOf(
  all: Matrix,
  { logits, tokenLogProbs, logProbsOf }: RunRequest,
  batch: TokenBatch,
): Omit<RunResult, 'activations'> {
  const at = (position: number, token: number): number =>
    all.data[position * all.columns + token] as number;
  const totals = tokenLogProbs || logProbsOf ? logTotals(all) : new Float64Array();
  const logProb = (position: number, token: number): number =>
    at(position, token) - (totals[position] as number);
  return {
    ...(logits === 'all' && { logits: all }),
    ...(logits === 'last' && { logits: takeRows(all, batch.last) }),
    ...(tokenLogProbs && {
      tokenLogProbs: Float32Array.from(batch.ids, (id, i) =>
        batch.position[i] === 0 ? 0 : logProb(i - 1, id),
      ),
    }),
    ...(logProbsOf && {
      logProbsOf: matrix(
        all.rows,
        logProbsOf.length,
        Float32Array.from({ length: all.rows * logProbsOf.length }, (_, i) => {
          const position = Math.floor(i / logProbsOf.length);
          return logProb(position, logProbsOf[i % logProbsOf.length] as number);
        }),
      ),
    }),
  };
}

/** Logarithm of the sum of exponentials, for each row. */
function logTotals({ rows, columns, data }: Matrix): Float64Array {
  const totals = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * columns;
    let top = -Infinity;
    for (let i = r * columns; i < end; i++) top = Math.max(top, data[i] as number);
    let sum = 0;
    for (let i = r * columns; i < end; i++) sum += Math.exp((data[i] as number) - top);
    totals[r] = top + Math.log(sum);
  }
  return totals;
}
