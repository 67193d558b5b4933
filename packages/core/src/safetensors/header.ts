import { headerEntries } from './header-json.ts';
import { invalid } from './invalid.ts';

/** Bytes per number of each type that a file may hold; not all of them can be read. */
export const bytesPerElement: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  U16: 2,
  U32: 4,
  U64: 8,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
};

export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Offsets from the file's start. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of the header, from the file's first 8 bytes. Throws `checkpoint-invalid` if the file cannot hold them. */
export function headerLength(file: string, prefix: Uint8Array, fileSize: number): number {
  if (prefix.length < 8) throw invalid(file, `it has ${prefix.length} bytes, fewer than 8`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, 8);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(fileSize - 8)) {
    throw invalid(
      file,
      `its header says ${length} bytes, the file has ${fileSize - 8} after the length`,
    );
  }
  if (length > MAX_HEADER_BYTES) {
    throw invalid(
      file,
      `its header says ${length} bytes, more than the ${MAX_HEADER_BYTES} allowed`,
    );
  }
  return Number(length);
}

/** Parses and checks a header: names once, known types, shapes that fit their bytes, no overlap, nothing past the file's end. */
export function parseHeader(file: string, json: string, fileSize: number): SafetensorsHeader {
  const dataStart = 8 + Buffer.byteLength(json);
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of headerEntries(file, json)) {
    if (name === '__metadata__') metadata = parseMetadata(file, value);
    else tensors.set(name, parseEntry(file, name, value, dataStart, fileSize));
  }
  assertDisjoint(file, tensors);
  return { tensors, metadata };
}

function parseMetadata(file: string, value: unknown): Record<string, string> {
  if (isRecord(value) && Object.values(value).every((v) => typeof v === 'string')) {
    return value as Record<string, string>;
  }
  throw invalid(file, '__metadata__ is not a map of strings');
}

function parseEntry(
  file: string,
  name: string,
  value: unknown,
  dataStart: number,
  fileSize: number,
): TensorEntry {
  if (!isRecord(value)) throw invalid(file, `the entry of ${name} is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw invalid(file, `${name} has no dtype`);
  const bytes = Object.hasOwn(bytesPerElement, dtype) ? bytesPerElement[dtype] : undefined;
  if (bytes === undefined) throw invalid(file, `${name} has the unknown dtype ${dtype}`);
  if (!isCounts(shape)) throw invalid(file, `the shape of ${name} is not a list of counts`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw invalid(file, `${name} has no pair of offsets`);
  }
  const [start, end] = offsets as [number, number];
  if (start > end || dataStart + end > fileSize) {
    throw invalid(
      file,
      `${name} lies at bytes ${start} to ${end} of ${fileSize - dataStart}; the file may be truncated`,
    );
  }
  // Beyond 2^53 a product is inexact, but no file is that large; a length of zero means no bytes, whatever it is
  // multiplied by.
  const expected = shape.includes(0) ? 0 : shape.reduce((product, d) => product * d, bytes);
  if (expected !== end - start) {
    throw invalid(
      file,
      `${name} of shape [${shape.join(', ')}] needs ${expected} bytes and has ${end - start}`,
    );
  }
  return { name, dtype, shape, start: dataStart + start, end: dataStart + end };
}

function assertDisjoint(file: string, tensors: ReadonlyMap<string, TensorEntry>): void {
  const sorted = [...tensors.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  for (let i = 1; i < sorted.length; i++) {
    const [before, after] = [sorted[i - 1], sorted[i]] as [TensorEntry, TensorEntry];
    if (after.start < before.end) throw invalid(file, `${before.name} and ${after.name} overlap`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
}
