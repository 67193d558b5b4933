import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FeedprintError } from '@feedprint/core';

export interface Texts {
  /** The file's own name. */
  readonly file: string;
  readonly texts: readonly string[];
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/**
 * Reads texts: one JSON object with a `text` (or one JSON string) per line in `.jsonl`, one text per line otherwise;
 * either may be gzipped (`.gz`). Lines end with \n or \r\n. Blank lines are passed over. Throws `texts-invalid`, naming file and line.
 */
export async function readTexts(path: string): Promise<Texts> {
  const bytes = await readBytes(path);
  const plain = path.endsWith('.gz') ? unzip(path, bytes) : bytes;
  const isJson = /\.jsonl(\.gz)?$/.test(path);
  const texts = splitLines(plain).flatMap((line, i) => {
    const text = decode(path, i + 1, line);
    if (text.trim() === '') return [];
    return [isJson ? parseLine(path, i + 1, text) : text.replace(/\r$/, '')];
  });
  if (texts.length === 0)
    throw invalid(`${path} holds no text`, 'give a file with one text per line');
  return { file: basename(path), texts, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw invalid(`${path} cannot be read (${code})`, 'check the path', cause);
  }
}

function unzip(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw invalid(`${path} is not a whole gzip file`, 'compress it again', cause);
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

function decode(path: string, line: number, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(`${path}, line ${line}: not UTF-8`, 'save the file as UTF-8', cause);
  }
}

function parseLine(path: string, line: number, json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid(`${path}, line ${line}: not JSON`, 'write one JSON object per line', cause);
  }
  const text =
    typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : value;
  if (typeof text === 'string') return text;
  throw invalid(`${path}, line ${line}: no "text" that is a string`, 'give every object a "text"');
}

function invalid(message: string, remedy: string, cause?: unknown): FeedprintError {
  return new FeedprintError({
    code: 'texts-invalid',
    message,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}
