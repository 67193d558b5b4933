import { halfTable } from './half.ts';

/** Reads bytes from `position` until `into` is full, or throws. */
export type ReadInto = (into: Uint8Array, position: number) => void;

/** Numbers of an F64 tensor converted at a time. */
const CHUNK = 1 << 16;

/**
 * `count` numbers of type F32, F16, BF16 or F64 that begin at `position`, as f32. It needs no memory besides the
 * result: 16-bit numbers are read into its second half and widened from its start, which never overtakes what is still
 * to be converted.
 */
export function readFloats(
  read: ReadInto,
  dtype: string,
  position: number,
  count: number,
): Float32Array {
  const result = new Float32Array(count);
  if (dtype === 'F64') {
    readDoubles(read, position, result);
    return result;
  }
  if (dtype === 'F32') {
    read(new Uint8Array(result.buffer), position);
    return result;
  }
  read(new Uint8Array(result.buffer, 2 * count), position);
  const halves = new Uint16Array(result.buffer, 2 * count);
  const wide = new Uint32Array(result.buffer);
  if (dtype === 'BF16') {
    for (let i = 0; i < count; i++) wide[i] = (halves[i] as number) << 16;
  } else {
    const table = new Uint32Array(halfTable().buffer);
    for (let i = 0; i < count; i++) wide[i] = table[halves[i] as number] as number;
  }
  return result;
}

function readDoubles(read: ReadInto, position: number, result: Float32Array): void {
  const doubles = new Float64Array(Math.min(CHUNK, result.length));
  for (let start = 0; start < result.length; start += CHUNK) {
    const part = doubles.subarray(0, result.length - start);
    read(new Uint8Array(part.buffer, 0, part.byteLength), position + 8 * start);
    result.set(part, start);
  }
}
