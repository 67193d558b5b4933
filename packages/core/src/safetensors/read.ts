import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FeedprintError } from '../errors.ts';
import { halfTable } from './half.ts';
import { headerLength, invalid, parseHeader } from './header.ts';
import type { TensorEntry } from './header.ts';

/** An open safetensors file; tensors are read when asked for. */
export interface SafetensorsFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The tensor as f32, row-major. F32, F16, BF16 and F64 are converted. Throws `checkpoint-invalid` if it is missing or no float. */
  readFloats(name: string): Float32Array;
  /** Elements `[start, end)` of an F32 tensor. */
  readFloatRange(name: string, start: number, end: number): Float32Array;
  /** The tensor as int32. */
  readInts(name: string): Int32Array;
  close(): void;
}

/** Opens a safetensors file and checks its header. Throws `checkpoint-invalid`, never crashes on hostile bytes. */
export function openSafetensors(path: string): SafetensorsFile {
  const fd = openFile(path);
  try {
    const size = fstatSync(fd).size;
    const length = headerLength(path, readBytes(fd, 0, Math.min(8, size)), size);
    const json = decodeUtf8(path, readBytes(fd, 8, length));
    const { tensors, metadata } = parseHeader(path, json, size);
    const entry = (name: string, ...dtypes: readonly string[]): TensorEntry => {
      const found = tensors.get(name);
      if (!found) throw invalid(path, `it holds no tensor ${name}`);
      if (dtypes.includes(found.dtype)) return found;
      throw invalid(path, `${name} is ${found.dtype}, not ${dtypes.join(' or ')}`);
    };
    return {
      path,
      metadata,
      tensors,
      readFloats(name) {
        const { dtype, start, end } = entry(name, 'F32', 'F16', 'BF16', 'F64');
        return toFloats(dtype, readBytes(fd, start, end - start));
      },
      readFloatRange(name, start, end) {
        const { start: origin } = entry(name, 'F32');
        return toFloats('F32', readBytes(fd, origin + 4 * start, 4 * (end - start)));
      },
      readInts(name) {
        const { start, end } = entry(name, 'I32');
        return new Int32Array(readBytes(fd, start, end - start).buffer);
      },
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      remedy: 'check the path',
      cause,
    });
  }
}

function readBytes(fd: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, Math.min(length - done, 1 << 30), position + done);
    if (count === 0) break;
    done += count;
  }
  return bytes;
}

function decodeUtf8(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 'its header is not UTF-8');
  }
}

function toFloats(dtype: string, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  if (dtype === 'F64') return Float32Array.from(new Float64Array(bytes.buffer));
  const bits = new Uint16Array(bytes.buffer);
  if (dtype === 'F16') {
    const table = halfTable();
    return Float32Array.from(bits, (b) => table[b] as number);
  }
  const wide = Uint32Array.from(bits, (b) => b << 16);
  return new Float32Array(wide.buffer);
}
