import { parseJsonLine, readTextLines, textsInvalid } from '@feedprint/core/files';
import type { TextLine } from '@feedprint/core/files';

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
  const { file, sha256, lines } = await readTextLines(path);
  const isJson = /\.jsonl(\.gz)?$/.test(path);
  const texts = lines.map((line) => (isJson ? parseLine(line) : line.text));
  if (texts.length === 0)
    throw textsInvalid(`${path} holds no text`, 'give a file with one text per line');
  return { file, texts, sha256 };
}

function parseLine(line: TextLine): string {
  const value = parseJsonLine(line);
  const text =
    typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : value;
  if (typeof text === 'string') return text;
  throw textsInvalid(`${line.place}: no "text" that is a string`, 'give every object a "text"');
}
