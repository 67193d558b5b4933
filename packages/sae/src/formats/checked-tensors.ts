import { FeedprintError, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { TensorFile } from './tensor-file.ts';

/** Reads tensors of expected shapes and remembers which ones were read; every method throws `checkpoint-invalid` for any other shape. */
export interface CheckedTensors {
  readonly path: string;
  has(name: string): boolean;
  /** `[length]` */
  vector(name: string, length: number): Float32Array;
  /** One number, stored as `[]` or `[1]`. */
  number(name: string): number;
  /** `[rows, columns]`, stored that way. */
  matrix(name: string, rows: number, columns: number): Matrix;
  /** `[rows, columns]`, stored as `[columns, rows]`: torch's Linear keeps `[out, in]`. */
  transposed(name: string, rows: number, columns: number): Matrix;
  /** Marks tensors as known that hold nothing needed here. */
  ignore(...names: readonly string[]): void;
  /** Throws `checkpoint-unsupported` if the file holds a tensor that was never read: it might change what the SAE computes. */
  assertAllUsed(what: string): void;
}

export function checkTensors(file: TensorFile): CheckedTensors {
  const used = new Set<string>();
  const read = (name: string, ...shape: readonly number[]): Float32Array => {
    used.add(name);
    const data = file.floats(name);
    const stored = file.shape(name);
    if (same(stored, shape) && !shape.includes(0)) return data;
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${file.path}: ${name} has shape [${stored.join(', ')}], not [${shape.join(', ')}]`,
      remedy: 'use the configuration that belongs to the weights',
    });
  };
  return {
    path: file.path,
    has: (name) => file.names.has(name),
    vector: (name, length) => read(name, length),
    number(name) {
      const shape = file.shape(name);
      return read(name, ...(shape.every((d) => d === 1) ? shape : []))[0] as number;
    },
    matrix: (name, rows, columns) => matrix(rows, columns, read(name, rows, columns)),
    transposed: (name, rows, columns) =>
      transpose(matrix(columns, rows, read(name, columns, rows))),
    ignore: (...names) => names.forEach((name) => used.add(name)),
    assertAllUsed(what) {
      const unknown = [...file.names].filter((name) => !used.has(name)).sort();
      if (unknown.length === 0) return;
      throw new FeedprintError({
        code: 'checkpoint-unsupported',
        message: `${file.path} holds ${unknown.slice(0, 5).join(', ')}, which ${what} does not use`,
        remedy: 'check which architecture the weights belong to',
      });
    },
  };
}

/** `[rows, columns]` -> `[columns, rows]`, a copy. */
export function transpose({ rows, columns, data }: Matrix): Matrix {
  const result = matrix(columns, rows);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result.data[c * rows + r] = data[r * columns + c] as number;
  }
  return result;
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
