import { FeedprintError, fromHalf } from '@feedprint/core';
import { damaged } from './file-bytes.ts';

/** An array of floats. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major, whatever the order in the file. */
  readonly data: Float32Array;
}

const MAGIC = '\x93NUMPY';
const toFloats: Readonly<Record<string, (bytes: ArrayBuffer) => Float32Array>> = {
  '<f2': (bytes) => Float32Array.from(new Uint16Array(bytes), fromHalf),
  '<f4': (bytes) => new Float32Array(bytes),
  '<f8': (bytes) => Float32Array.from(new Float64Array(bytes)),
};

/**
 * Parses a `.npy` file of little-endian floats of 2, 4 or 8 bytes, of any number of dimensions in C order and of up to two
 * in Fortran order (NEP 1). `where` names it in errors. Throws `checkpoint-invalid` or `checkpoint-unsupported`.
 */
export function parseNpy(where: string, bytes: Uint8Array): NpyArray {
  const { header, start } = readHeader(where, bytes);
  const descr = /'descr'\s*:\s*'([^']{1,16})'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)\b/.exec(header)?.[1];
  const dimensions = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || dimensions === undefined) {
    throw damaged(where, 'its npy header lacks descr, fortran_order or shape');
  }
  const convert = Object.hasOwn(toFloats, descr) ? toFloats[descr] : undefined;
  if (!convert) {
    throw unsupported(
      where,
      `holds numbers of type ${descr}`,
      'save it as float16, float32 or float64',
    );
  }
  const shape = dimensions.split(',').flatMap((d) => (d.trim() === '' ? [] : [Number(d)]));
  const expected = shape.reduce((product, d) => product * d, Number(descr.slice(2)));
  if (expected !== bytes.length - start) {
    throw damaged(
      where,
      `shape [${shape.join(', ')}] of ${descr} needs ${expected} bytes, it has ${bytes.length - start}`,
    );
  }
  const data = convert(new Uint8Array(bytes.subarray(start)).buffer);
  if (order === 'False' || shape.length < 2) return { shape, data };
  if (shape.length === 2) return { shape, data: rowMajor(data, shape as [number, number]) };
  throw unsupported(
    where,
    `holds ${shape.length} dimensions in Fortran order`,
    'save it in C order',
  );
}

function readHeader(where: string, bytes: Uint8Array): { header: string; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== MAGIC)
    throw damaged(where, 'it is not an npy file');
  const wide = (bytes[6] as number) >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length) throw damaged(where, 'its npy header is cut short');
  return { header: latin1(bytes.subarray(start, start + length)), start: start + length };
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Column-major `[rows, columns]` to row-major. */
function rowMajor(data: Float32Array, [rows, columns]: [number, number]): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[r * columns + c] = data[c * rows + r] as number;
  }
  return result;
}

function unsupported(where: string, problem: string, remedy: string): FeedprintError {
  return new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${where} ${problem}`,
    remedy,
  });
}
