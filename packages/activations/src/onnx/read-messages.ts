import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * Called for each field of a message with the field's number; reads the value from `reader`, or returns false to skip
 * it.
 */
export type FieldVisitor = (
  field: number,
  reader: BinaryReader,
  wireType: WireType,
) => boolean | undefined;

/** Walks over the fields of one protobuf message. Throws whatever the wire reader throws for bytes that are not one. */
export function readMessage(bytes: Uint8Array, visit: FieldVisitor): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const before = reader.pos;
    if (visit(field, reader, wireType) === false) {
      reader.pos = before;
      reader.skip(wireType, field);
    }
    if (reader.pos > reader.len) throw new RangeError('a field ends after its message');
  }
}

/** A length-delimited field, as a view. */
export function readBytes(reader: BinaryReader, wireType: WireType): Uint8Array {
  expect(wireType, WireType.LengthDelimited);
  return reader.bytes();
}

export function readText(reader: BinaryReader, wireType: WireType): string {
  expect(wireType, WireType.LengthDelimited);
  return reader.string();
}

/** A varint as a number. Throws outside the integers that a number represents exactly. */
export function readInteger(reader: BinaryReader, wireType: WireType): number {
  expect(wireType, WireType.Varint);
  return toNumber(reader.int64());
}

/** One value, or many packed ones, of a repeated integer field. */
export function readIntegers(reader: BinaryReader, wireType: WireType, into: number[]): void {
  if (wireType !== WireType.LengthDelimited) {
    into.push(readInteger(reader, wireType));
    return;
  }
  const packed = new BinaryReader(reader.bytes());
  while (packed.pos < packed.len) into.push(toNumber(packed.int64()));
}

export function expect(actual: WireType, wanted: WireType): void {
  if (actual !== wanted) throw new Error(`a field has wire type ${actual} instead of ${wanted}`);
}

function toNumber(value: bigint | string): number {
  const number = Number(value);
  // Ends of slices may be written as the largest int64.
  return Number.isSafeInteger(number) ? number : Math.sign(number) * Number.MAX_SAFE_INTEGER;
}
