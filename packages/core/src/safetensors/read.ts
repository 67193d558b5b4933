import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FeedprintError } from '../errors.ts';
import { bytesPerElement, headerLength, parseHeader } from './header.ts';
import type { TensorEntry } from './header.ts';
import { invalid } from './invalid.ts';
import { readFloats } from './read-floats.ts';

/** An open safetensors file; tensors are read when asked for. */
export interface SafetensorsFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /**
   * The tensor as f32, row-major, in no more memory than that. F16, BF16 and F64 are converted. Throws
   * `checkpoint-invalid` if it is missing or not a float.
   */
  readFloats(name: string): Float32Array;
  /**
   * Elements `[start, end)` of an F32, F16 or BF16 tensor, as f32. Throws `checkpoint-invalid` for a range outside it.
   */
  readFloatRange(name: string, start: number, end: number): Float32Array;
  /** The tensor as int32. */
  readInts(name: string): Int32Array;
  close(): void;
}

/** Opens a safetensors file and checks its header. Throws `checkpoint-invalid`, never crashes on hostile bytes. */
export function openSafetensors(path: string): SafetensorsFile {
  const fd = openFile(path);
  const read = (into: Uint8Array, position: number): void => readFully(path, fd, into, position);
  const readBytes = (position: number, length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(length);
    read(bytes, position);
    return bytes;
  };
  let open = true;
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  try {
    const size = fstatSync(fd).size;
    const length = headerLength(path, readBytes(0, Math.min(8, size)), size);
    const json = decodeUtf8(path, readBytes(8, length));
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
        return readFloats(read, dtype, start, (end - start) / (bytesPerElement[dtype] as number));
      },
      readFloatRange(name, start, end) {
        const { dtype, start: origin, end: last } = entry(name, 'F32', 'F16', 'BF16');
        const size = bytesPerElement[dtype] as number;
        const count = (last - origin) / size;
        if (!(start >= 0 && start <= end && end <= count)) {
          throw invalid(path, `${name} has ${count} elements, not ${start} to ${end}`);
        }
        return readFloats(read, dtype, origin + size * start, end - start);
      },
      readInts(name) {
        const { start, end } = entry(name, 'I32');
        return new Int32Array(readBytes(start, end - start).buffer);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): FeedprintError {
  return new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
    remedy: 'check the path',
    cause,
  });
}

function readFully(path: string, fd: number, into: Uint8Array, position: number): void {
  let done = 0;
  while (done < into.length) {
    const count = readSome(path, fd, into, done, position + done);
    if (count === 0) throw invalid(path, 'it became shorter while it was being read');
    done += count;
  }
}

function readSome(path: string, fd: number, bytes: Uint8Array, at: number, from: number): number {
  try {
    return readSync(fd, bytes, at, Math.min(bytes.length - at, 1 << 30), from);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function decodeUtf8(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(path, 'its header is not UTF-8');
  }
}
