import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes hashed at a time. */
const CHUNK = 4 << 20;

/** SHA-256, in hex, over a text and then the bytes of the files, each with its length. */
export function fingerprintOf(text: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(`${text.length}:${text}`);
  const chunk = new Uint8Array(CHUNK);
  for (const path of files) {
    const fd = openSync(path, 'r');
    try {
      let size = 0;
      for (let read = -1; read !== 0; size += read) {
        read = readSync(fd, chunk);
        hash.update(chunk.subarray(0, read));
      }
      hash.update(`:${size};`);
    } finally {
      closeSync(fd);
    }
  }
  return hash.digest('hex');
}
