import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FeedprintError } from '@feedprint/core';
import { Decompress } from 'fzstd';
import xz from 'xz-decompress';
import { peek } from './bytes.ts';
import type { Bytes } from './bytes.ts';
import { textsInvalid } from './texts-invalid.ts';

const gzip = Buffer.from([0x1f, 0x8b]);
const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const xzMark = Buffer.from([0xfd, 0x37, 0x7a, 0x58]);

/** The plain bytes of a file that may be compressed with gzip, Zstandard or xz, recognised by its first bytes. */
export async function decompress(name: string, compressed: Bytes): Promise<Bytes> {
  const { head, bytes } = await peek(compressed, 4);
  if (head.subarray(0, 2).equals(gzip)) return gunzipped(name, bytes);
  if (head.equals(zstd)) return unzstd(name, bytes);
  if (head.equals(xzMark)) return unxz(name, bytes);
  return bytes;
}

async function* gunzipped(name: string, bytes: Bytes): Bytes {
  const gunzip = createGunzip();
  // An error in either stream ends both, and is thrown where the plain bytes are read.
  pipeline(Readable.from(bytes, { objectMode: false }), gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw `${(cause as NodeJS.ErrnoException).code}`.startsWith('Z_')
      ? textsInvalid(`${name} is not a complete gzip file`, 'compress or download it again', cause)
      : cause;
  }
}

async function* unzstd(name: string, bytes: Bytes): Bytes {
  let plain: Uint8Array[] = [];
  const stream = new Decompress((piece) => void plain.push(piece.slice()));
  const push = (piece: Uint8Array, last: boolean): Uint8Array[] => {
    try {
      stream.push(piece, last);
    } catch (cause) {
      const remedy = 'compress or download it again';
      throw textsInvalid(`${name} is not a complete Zstandard file`, remedy, cause);
    }
    const ready = plain;
    plain = [];
    return ready;
  };
  for await (const piece of bytes) yield* push(piece, false);
  yield* push(new Uint8Array(0), true);
}

async function* unxz(name: string, bytes: Bytes): Bytes {
  const source = Readable.toWeb(Readable.from(bytes, { objectMode: false }));
  try {
    yield* new xz.XzReadableStream(source as ReadableStream<Uint8Array>);
  } catch (cause) {
    if (cause instanceof FeedprintError) throw cause;
    const remedy = 'compress or download it again (its check must be CRC32 or CRC64)';
    throw textsInvalid(`${name} is not a complete xz file`, remedy, cause);
  }
}
