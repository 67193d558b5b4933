import type { Bytes } from './bytes.ts';
import { textsInvalid } from './texts-invalid.ts';

export interface Line {
  /** Without `\n`; `\r` before it stays. */
  readonly text: string;
  /** `FILE, line N`, for messages. */
  readonly place: string;
}

/** Most bytes that a line may have. */
const LONGEST = 1 << 28;

/**
 * The lines of UTF-8 bytes, blank ones included. Throws `texts-invalid`, naming file and line, for bytes that are not
 * text.
 */
export async function* readLines(name: string, bytes: Bytes): AsyncGenerator<Line, void> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  const place = (): string => `${name}, line ${number}`;
  const keep = (piece: Uint8Array): void => {
    if (piece.includes(0)) {
      throw textsInvalid(
        `${place()}: zero bytes, so this is not text`,
        'pass a file of UTF-8 text',
      );
    }
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST) {
      throw textsInvalid(`${place()}: longer than 256 MiB`, 'write one text or object per line');
    }
  };
  const take = (): Line => {
    const line = { text: decode(place(), Buffer.concat(pieces)), place: place() };
    pieces = [];
    length = 0;
    number++;
    return line;
  };
  for await (const piece of bytes) {
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      keep(piece.subarray(start, end));
      start = end + 1;
      yield take();
    }
    keep(piece.subarray(start));
  }
  if (length > 0) yield take();
}

/** The lines that are not blank, without `\r` at their ends. */
export async function* filledLines(lines: AsyncIterable<Line>): AsyncGenerator<Line, void> {
  for await (const { text, place } of lines) {
    if (text.trim() !== '') yield { text: text.replace(/\r$/, ''), place };
  }
}

function decode(place: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw textsInvalid(`${place}: not UTF-8`, 'save the file as UTF-8', cause);
  }
}
