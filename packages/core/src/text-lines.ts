import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FeedprintError } from './errors.ts';

export interface TextLine {
  readonly text: string;
  /** `FILE, line N`, for messages. */
  readonly place: string;
}

export interface TextLines {
  /** The file's own name. */
  readonly file: string;
  /** SHA-256 of the file as it lies there. */
  readonly sha256: string;
  /** Lines that are not blank, without their ends. */
  readonly lines: readonly TextLine[];
}

/**
 * The lines of a text file, gzipped if its name ends with `.gz`. Lines end with \n or \r\n; blank ones are passed over.
 * Throws `texts-invalid`, naming file and line, for what cannot be read, is cut off or is not UTF-8.
 */
export async function readTextLines(path: string): Promise<TextLines> {
  const bytes = await readBytes(path);
  const plain = path.endsWith('.gz') ? unzip(path, bytes) : bytes;
  const lines = splitLines(plain).flatMap((line, i) => {
    const place = `${path}, line ${i + 1}`;
    const text = decode(place, line);
    return text.trim() === '' ? [] : [{ text: text.replace(/\r$/, ''), place }];
  });
  return { file: basename(path), sha256: createHash('sha256').update(bytes).digest('hex'), lines };
}

/** The JSON value of a line. Throws `texts-invalid`, naming file and line. */
export function parseJsonLine({ text, place }: TextLine): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw textsInvalid(`${place}: not JSON`, 'write one JSON object per line', cause);
  }
}

/** The error of a file of texts that is wrong. */
export function textsInvalid(message: string, remedy: string, cause?: unknown): FeedprintError {
  return new FeedprintError({
    code: 'texts-invalid',
    message,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw textsInvalid(`${path} cannot be read (${code})`, 'check the path', cause);
  }
}

function unzip(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw textsInvalid(`${path} is not a whole gzip file`, 'compress it again', cause);
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}

function decode(place: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw textsInvalid(`${place}: not UTF-8`, 'save the file as UTF-8', cause);
  }
}
