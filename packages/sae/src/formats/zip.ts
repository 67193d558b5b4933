import { constants } from 'node:buffer';
import { crc32, inflateRawSync } from 'node:zlib';
import { FeedprintError } from '@feedprint/core';
import { damaged, openBytes } from './file-bytes.ts';
import type { FileBytes } from './file-bytes.ts';

/** An open zip archive. */
export interface ZipFile {
  readonly path: string;
  readonly names: ReadonlySet<string>;
  /** An entry's bytes, checked against its length and CRC-32. Throws `checkpoint-invalid` or `checkpoint-unsupported`. */
  read(name: string): Uint8Array;
  close(): void;
}

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly stored: number;
  readonly size: number;
  /** Position of the local header. */
  readonly start: number;
}

const END = { signature: 0x06054b50, bytes: 22 };
const END_64 = { signature: 0x06064b50, bytes: 56 };
const LOCATOR_64 = { signature: 0x07064b50, bytes: 20 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const MAX_COMMENT = 0xffff;
const MAX_DIRECTORY_BYTES = 16_000_000;
/** No deflated byte expands to more. */
const MAX_INFLATION = 1032;

/**
 * Opens a zip archive, zip64 included; entries are stored or deflated (APPNOTE 6.3, sections 4.3 to 4.5).
 * Throws `checkpoint-invalid`, never crashes on hostile bytes.
 */
export function openZip(path: string): ZipFile {
  const file = openBytes(path);
  try {
    const entries = readDirectory(file);
    return {
      path,
      names: new Set(entries.keys()),
      read(name) {
        const entry = entries.get(name);
        if (!entry) throw damaged(path, `it holds no entry ${name}`);
        return readEntry(file, name, entry);
      },
      close: file.close,
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readDirectory(file: FileBytes): Map<string, Entry> {
  const { start, length } = findDirectory(file);
  if (length > MAX_DIRECTORY_BYTES) throw damaged(file.path, `its directory has ${length} bytes`);
  const bytes = file.read(start, length);
  const entries = new Map<string, Entry>();
  let at = 0;
  while (at < length) {
    const fixed = bytes.subarray(at, at + CENTRAL.bytes);
    if (fixed.length < CENTRAL.bytes || viewOf(fixed).getUint32(0, true) !== CENTRAL.signature) {
      throw damaged(file.path, 'its directory has an entry without a signature');
    }
    const view = viewOf(fixed);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((o) =>
      view.getUint16(o, true),
    ) as [number, number, number];
    const nameStart = at + CENTRAL.bytes;
    const next = nameStart + nameBytes + extraBytes + commentBytes;
    if (next > length) throw damaged(file.path, 'its directory is cut short');
    const name = new TextDecoder().decode(bytes.subarray(nameStart, nameStart + nameBytes));
    if (entries.has(name)) throw damaged(file.path, `it holds the entry ${name} twice`);
    if (view.getUint16(8, true) & 1) throw unsupported(file.path, `${name} is encrypted`);
    const extra = bytes.subarray(nameStart + nameBytes, nameStart + nameBytes + extraBytes);
    const [size, stored, begin] = wide(file, view, extra);
    entries.set(name, {
      method: view.getUint16(10, true),
      crc: view.getUint32(16, true),
      size,
      stored,
      start: begin,
    });
    at = next;
  }
  return entries;
}

/** Where the directory is, from the record at the end of the file. */
function findDirectory(file: FileBytes): { start: number; length: number } {
  const tail = file.read(
    Math.max(0, file.size - END.bytes - MAX_COMMENT),
    Math.min(file.size, END.bytes + MAX_COMMENT),
  );
  const view = viewOf(tail);
  for (let at = tail.length - END.bytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== END.signature) continue;
    if (at + END.bytes + view.getUint16(at + 20, true) !== tail.length) continue;
    const [length, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const wanted = view.getUint16(at + 10, true) === 0xffff || [length, start].includes(0xffffffff);
    const place = wanted ? findDirectory64(file, file.size - tail.length + at) : { start, length };
    if (place.start + place.length <= file.size) return place;
    throw damaged(file.path, 'its directory lies past its end');
  }
  throw damaged(file.path, 'it has no zip directory; it may be truncated');
}

function findDirectory64(file: FileBytes, end: number): { start: number; length: number } {
  const locator = viewOf(file.read(end - LOCATOR_64.bytes, LOCATOR_64.bytes));
  if (locator.getUint32(0, true) !== LOCATOR_64.signature) {
    throw damaged(file.path, 'its zip64 locator is missing');
  }
  const record = viewOf(file.read(toNumber(file, locator, 8), END_64.bytes));
  if (record.getUint32(0, true) !== END_64.signature) {
    throw damaged(file.path, 'its zip64 record is missing');
  }
  return { length: toNumber(file, record, 40), start: toNumber(file, record, 48) };
}

/** Size, stored size and start of an entry; whatever does not fit into 32 bits is in the zip64 field, in this order. */
function wide(file: FileBytes, view: DataView, extra: Uint8Array): [number, number, number] {
  const values = [24, 20, 42].map((o) => view.getUint32(o, true));
  if (!values.includes(0xffffffff)) return values as [number, number, number];
  const fields = viewOf(extra);
  let at = 0;
  while (at + 4 <= extra.length && fields.getUint16(at, true) !== 1) {
    at += 4 + fields.getUint16(at + 2, true);
  }
  at += 4;
  return values.map((value) => {
    if (value !== 0xffffffff) return value;
    if (at + 8 > extra.length) throw damaged(file.path, 'an entry lacks its zip64 sizes');
    at += 8;
    return toNumber(file, fields, at - 8);
  }) as [number, number, number];
}

function readEntry(file: FileBytes, name: string, entry: Entry): Uint8Array {
  const header = viewOf(file.read(entry.start, LOCAL.bytes));
  if (header.getUint32(0, true) !== LOCAL.signature) {
    throw damaged(file.path, `${name} has no header where the directory says it is`);
  }
  const skipped = header.getUint16(26, true) + header.getUint16(28, true);
  const bytes = file.read(entry.start + LOCAL.bytes + skipped, entry.stored);
  const result = decoded(file.path, name, entry, bytes);
  if (result.length === entry.size && crc32(result) === entry.crc) return result;
  throw damaged(
    file.path,
    `${name} does not have the length and checksum that the directory states`,
  );
}

function decoded(path: string, name: string, entry: Entry, bytes: Uint8Array): Uint8Array {
  if (entry.method === 0) return bytes;
  if (entry.method !== 8) {
    throw unsupported(path, `${name} is compressed by method ${entry.method}`);
  }
  if (entry.size > constants.MAX_LENGTH) {
    throw unsupported(path, `${name} has ${entry.size} bytes, more than fit into a buffer`);
  }
  if (entry.size > bytes.length * MAX_INFLATION) {
    throw damaged(path, `${name} cannot hold the ${entry.size} bytes that it claims`);
  }
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, entry.size) });
  } catch {
    throw damaged(path, `${name} cannot be decompressed to the ${entry.size} bytes that it claims`);
  }
}

function unsupported(path: string, problem: string): FeedprintError {
  return new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${path} cannot be read: ${problem}`,
    remedy: 'save it with numpy.savez or numpy.savez_compressed',
  });
}

function toNumber(file: FileBytes, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(file.size) * BigInt(MAX_INFLATION)) {
    throw damaged(file.path, `it claims ${value} bytes`);
  }
  return Number(value);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
