import { FeedprintError, openSafetensors } from '@feedprint/core';
import type { SafetensorsFile } from '@feedprint/core';
import { withBytes } from './file-bytes.ts';
import { parseNpy } from './npy.ts';
import type { NpyArray } from './npy.ts';
import { assertNoPickle } from './pickle.ts';
import { openZip } from './zip.ts';

/** An open file of named tensors, whatever the container. */
export interface TensorFile {
  readonly path: string;
  readonly container: 'safetensors' | 'npz';
  readonly names: ReadonlySet<string>;
  /** `[]` for a single number. */
  shape(name: string): readonly number[];
  /** Row-major f32; floats of 16, 32 and 64 bits are converted. Throws `checkpoint-invalid`. */
  floats(name: string): Float32Array;
  /** Whole numbers of 32 or 64 bits. Throws `checkpoint-invalid`. */
  integers(name: string): readonly number[];
  close(): void;
}

/** Opens a `.npz` or safetensors file, told apart by content. Throws `checkpoint-unsupported` for pickles, with a way to convert them. */
export function openTensorFile(path: string): TensorFile {
  assertNoPickle(path);
  return withKnownNames(isZip(path) ? openNpz(path) : openPlain(path));
}

/** A file that lacks a tensor is intact, but of another architecture than expected. */
function withKnownNames(file: TensorFile): TensorFile {
  const known = (name: string): string => {
    if (file.names.has(name)) return name;
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${file.path} holds no tensor ${name}`,
      remedy: 'use the configuration that belongs to the weights',
    });
  };
  return {
    ...file,
    shape: (name) => file.shape(known(name)),
    floats: (name) => file.floats(known(name)),
    integers: (name) => file.integers(known(name)),
  };
}

function openPlain(path: string): TensorFile {
  const file = openSafetensors(path);
  return {
    path,
    container: 'safetensors',
    names: new Set(file.tensors.keys()),
    shape: (name) => file.tensors.get(name)?.shape ?? [],
    floats: (name) => file.readFloats(name),
    integers: (name) => integersOf(file, name),
    close: () => file.close(),
  };
}

function integersOf(file: SafetensorsFile, name: string): readonly number[] {
  const entry = file.tensors.get(name);
  if (entry?.dtype !== 'I64') return [...file.readInts(name)];
  const { buffer } = withBytes(file.path, (bytes) =>
    bytes.read(entry.start, entry.end - entry.start),
  );
  return Array.from(new BigInt64Array(buffer), Number);
}

function openNpz(path: string): TensorFile {
  const zip = openZip(path);
  const arrays = new Map<string, NpyArray>();
  const array = (name: string): NpyArray => {
    const known = arrays.get(name);
    if (known) return known;
    const read = parseNpy(`${path} (${name})`, zip.read(`${name}.npy`));
    arrays.set(name, read);
    return read;
  };
  return {
    path,
    container: 'npz',
    names: new Set([...zip.names].map((name) => name.replace(/\.npy$/, ''))),
    shape: (name) => array(name).shape,
    floats: (name) => array(name).data,
    integers: (name) => [...array(name).data],
    close: () => zip.close(),
  };
}

const isZip = (path: string): boolean =>
  withBytes(path, (file) => {
    const start = file.read(0, Math.min(4, file.size));
    return Buffer.from(start).toString('latin1') === 'PK\x03\x04';
  });
