import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { FeedprintError } from '../errors.ts';

/** A tensor to write, row-major: f32, int32, or 16-bit floats as their bits. */
export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint16Array;
  /** What bits of 16-bit floats mean; default `F16`. */
  readonly half?: 'F16' | 'BF16';
}

/**
 * Writes a safetensors file with the tensors in the given order; equal input gives equal bytes. The file is on disk
 * when this returns. Throws `shape-mismatch` for data that do not fill their shape, `output-unwritable` for a disk that
 * is full or not writable.
 */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): void {
  // Without a prototype, so that a tensor may be called __proto__.
  const header = Object.create(null) as Record<string, unknown>;
  if (metadata) header.__metadata__ = metadata;
  let offset = 0;
  for (const [name, { shape, data, half }] of Object.entries(tensors)) {
    assertFills(name, shape, data.length);
    const dtype = dtypeOf(data, half);
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const padded = json.padEnd(
    Math.ceil(Buffer.byteLength(json) / 8) * 8 + json.length - Buffer.byteLength(json),
  );
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(Buffer.byteLength(padded)), true);

  const parts = Object.values(tensors).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  try {
    writeDurably(path, [new Uint8Array(length.buffer), Buffer.from(padded), ...parts]);
  } catch (cause) {
    throw new FeedprintError({
      code: 'output-unwritable',
      message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'free space or choose another folder',
      cause,
    });
  }
}

function dtypeOf(data: TensorToWrite['data'], half: TensorToWrite['half'] = 'F16'): string {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Uint16Array ? half : 'I32';
}

function writeDurably(path: string, parts: readonly Uint8Array[]): void {
  const fd = openSync(path, 'w');
  try {
    for (const part of parts) writeAll(fd, part);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function assertFills(name: string, shape: readonly number[], length: number): void {
  if (name !== '__metadata__' && shape.reduce((a, b) => a * b, 1) === length) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the tensor ${name} of shape [${shape.join(', ')}] cannot be written with ${length} numbers`,
    remedy: 'pass data that fill the shape, under a name other than __metadata__',
  });
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length)
    done += writeSync(fd, bytes, done, Math.min(bytes.length - done, 1 << 30));
}
