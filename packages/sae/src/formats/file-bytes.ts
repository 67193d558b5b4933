import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';

/** A file open for reading at any place. */
export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /** Bytes `[position, position + length)`. Throws `checkpoint-invalid` past the file's end. */
  read(position: number, length: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Opens a file. Throws `checkpoint-invalid` if it cannot be read. */
export function openBytes(path: string): FileBytes {
  const fd = attempt(path, () => openSync(path, 'r'));
  const size = attempt(path, () => fstatSync(fd).size);
  return {
    path,
    size,
    read(position, length) {
      if (!(position >= 0 && length >= 0 && position + length <= size)) {
        throw damaged(path, `it ends before byte ${position + length}; it may be truncated`);
      }
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const part = Math.min(length - done, 1 << 30);
        const count = attempt(path, () => readSync(fd, bytes, done, part, position + done));
        if (count === 0) throw damaged(path, 'it became shorter while it was read');
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(fd),
  };
}

/** Opens a file, uses it, closes it. */
export function withBytes<Result>(path: string, use: (file: FileBytes) => Result): Result {
  const file = openBytes(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

export function damaged(path: string, problem: string): FeedprintError {
  return new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} is damaged: ${problem}`,
    remedy: 'download or export it again',
  });
}

function attempt<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      remedy: 'check the path',
      cause,
    });
  }
}
