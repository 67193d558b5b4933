import { WireType } from '@bufbuild/protobuf/wire';
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { statSync } from 'node:fs';
import { externalFile } from './data-range.ts';
import { elementTypes } from './onnx-model.ts';
import type { DataRange, OnnxInitializer } from './onnx-model.ts';
import { readBytes, readInteger, readIntegers, readMessage, readText } from './read-messages.ts';

/** Tensors up to this size are kept whole; larger ones are left in the file. */
const KEPT_BYTES = 1024;

/** Bytes per element, for types whose elements are whole bytes. */
const elementBytes: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

/** Where the bytes of a model come from. */
export interface Source {
  readonly file: string;
  /** Offset of a view of the file's bytes. */
  offsetOf(view: Uint8Array): number;
}

/** Reads a TensorProto without its numbers. Throws `checkpoint-invalid` or a plain error for bytes that contradict themselves. */
export function readTensor(bytes: Uint8Array, source: Source): OnnxInitializer {
  const shape: number[] = [];
  const external = new Map<string, string>();
  let name = '';
  let type = 0;
  let isExternal = false;
  let inline: Uint8Array | undefined;
  let chunks = 0;
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) readIntegers(reader, wire, shape);
    else if (field === 2) type = readInteger(reader, wire);
    else if (field === 8) name = readText(reader, wire);
    else if (field === 13) readEntry(reader, wire, external);
    else if (field === 14) isExternal = readInteger(reader, wire) === 1;
    else if (isLittleEndian(field, wire)) {
      inline = readBytes(reader, wire);
      chunks++;
    } else if (field >= 4 && field <= 11) return ++chunks < 0;
    else return false;
    return true;
  });
  const count = shape.reduce((a, b) => a * b, 1);
  if (!Number.isSafeInteger(count) || shape.some((d) => d < 0)) {
    throw new RangeError(`the tensor ${name} has the shape [${shape.join(', ')}]`);
  }
  const size = elementBytes[type];
  const head = { name, type, shape };
  if (isExternal) return { ...head, range: externalRange(head, external, source, size) };
  if (!inline || chunks > 1 || bytes.length <= KEPT_BYTES) {
    return { ...head, bytes: bytes.slice() };
  }
  if (size !== undefined && inline.length !== count * size) {
    throw new RangeError(`the tensor ${name} has ${inline.length} bytes for ${count} numbers`);
  }
  const offset = source.offsetOf(inline);
  return { ...head, range: { file: source.file, offset, length: inline.length } };
}

/** raw_data, and packed float_data and double_data, whose bytes are the same. */
const isLittleEndian = (field: number, wire: WireType): boolean =>
  wire === WireType.LengthDelimited && (field === 9 || field === 4 || field === 10);

function readEntry(reader: BinaryReader, wire: WireType, into: Map<string, string>): void {
  let [key, value] = ['', ''];
  readMessage(readBytes(reader, wire), (field, inner, wireType) => {
    if (field === 1) key = readText(inner, wireType);
    else if (field === 2) value = readText(inner, wireType);
    else return false;
    return true;
  });
  into.set(key, value);
}

function externalRange(
  { name, shape, type }: OnnxInitializer,
  entries: ReadonlyMap<string, string>,
  { file }: Source,
  size: number | undefined,
): DataRange {
  const path = externalFile(file, entries.get('location') ?? '');
  const total = statSync(path).size;
  const expected = size === undefined ? undefined : shape.reduce((a, b) => a * b, size);
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? expected ?? total - offset);
  const good =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= total &&
    (expected === undefined || expected === length);
  if (good) return { file: path, offset, length };
  throw new RangeError(
    `the tensor ${name} [${shape.join(', ')}] of type ${type} needs ${length} bytes at ${offset} of a file of ${total}`,
  );
}

/** Whether a tensor's numbers can be read as f32. */
export const isFloat = (type: number): boolean =>
  type === elementTypes.float32 ||
  type === elementTypes.float16 ||
  type === elementTypes.bfloat16 ||
  type === elementTypes.float64;
