import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { invalidOnnx } from './onnx-model.ts';
import type { DataRange } from './onnx-model.ts';

/** Bytes read at once, below the most that one call may read. */
const CHUNK = 1 << 30;

/** Reads a range of a file. Throws `checkpoint-invalid` if the file has become shorter. */
export function readRange({ file, offset, length }: DataRange): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const descriptor = openSync(file, 'r');
  try {
    let done = 0;
    while (done < length) {
      const count = Math.min(length - done, CHUNK);
      const read = readSync(descriptor, bytes, done, count, offset + done);
      if (read === 0) throw invalidOnnx(file, 'it became shorter while it was being read');
      done += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/**
 * The file that `location` of a model's external data names. It must lie in the model's folder; if the model itself is
 * a link (as in the Hugging Face cache), the folder that the link leads to is also allowed. Throws
 * `checkpoint-invalid`.
 */
export function externalFile(model: string, location: string): string {
  const folder = dirname(resolve(model));
  const path = resolve(folder, location);
  if (
    location === '' ||
    location.includes('\0') ||
    isAbsolute(location) ||
    /^[a-z]:|\\/i.test(location) ||
    !isInside(folder, path)
  ) {
    throw outside(model, location);
  }
  let real: string;
  try {
    real = realpathSync(path);
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${model} keeps weights in ${location}, which is missing`,
      remedy: 'put all files of the model into one folder',
      cause,
    });
  }
  const allowed = [realpathSync(folder), dirname(realpathSync(model))];
  if (!allowed.some((root) => isInside(root, real))) throw outside(model, location);
  if (!statSync(real).isFile()) throw invalidOnnx(model, `its weights ${location} are not a file`);
  return real;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const outside = (model: string, location: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${model} asks for weights outside its folder: ${JSON.stringify(location.slice(0, 200))}`,
    remedy: 'do not trust it; a proper export keeps its weights next to it',
  });
