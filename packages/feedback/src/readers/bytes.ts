import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { textsInvalid } from './texts-invalid.ts';

/** Bytes in order, in pieces of any size; if iteration stops early, the source is closed. */
export type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

/** The bytes at the beginning, and all bytes, including these. */
export interface Peeked {
  /** As many as were asked for, or all if there are fewer. */
  readonly head: Buffer;
  readonly bytes: Bytes;
}

/** Looks at the first bytes and leaves them in place. */
export async function peek(bytes: Bytes, length: number): Promise<Peeked> {
  const pieces: Uint8Array[] = [];
  let have = 0;
  while (have < length) {
    const { done, value } = await bytes.next();
    if (done) break;
    pieces.push(value);
    have += value.length;
  }
  const read = Buffer.concat(pieces);
  return { head: read.subarray(0, length), bytes: joined(read, bytes) };
}

async function* joined(read: Uint8Array, rest: Bytes): Bytes {
  try {
    if (read.length > 0) yield read;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** The bytes of a file or of a stream such as standard input. Throws `texts-invalid` for a file that cannot be read. */
export async function* readBytes(
  name: string,
  input: AsyncIterable<Uint8Array> = createReadStream(name, { highWaterMark: 1 << 18 }),
): Bytes {
  try {
    yield* input;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw textsInvalid(`${name} cannot be read (${code ?? message})`, 'check the path', cause);
  }
}

/** Hashes bytes as they pass through. */
export function hashing(source: Bytes): { readonly bytes: Bytes; readonly sha256: () => string } {
  const hash = createHash('sha256');
  async function* pass(): Bytes {
    try {
      for await (const piece of source) {
        hash.update(piece);
        yield piece;
      }
    } finally {
      await source.return();
    }
  }
  return { bytes: pass(), sha256: () => hash.copy().digest('hex') };
}
