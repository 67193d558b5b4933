import type { RunEventInput } from '@feedprint/core';
import { describeSkipped } from '@feedprint/feedback';
import type { RatedReply, ReadFile } from '@feedprint/feedback';
import type { Io } from './io.ts';

/** Formats of files that hold texts or pairs. */
export const formats =
  'JSON Lines, a JSON list, CSV, TSV or Parquet, whatever the file is called; may be compressed (gzip, zstd, xz) or a folder; - reads standard input';

/** Help of an option that names texts. */
export const textsHelp = `texts: one per line, or the "text" column of ${formats}`;

/** Help of an option that names rated replies, to be audited. */
export const ratingsHelp =
  'replies that were rated one by one, instead of pairs: prompt and completion with a label, or a reply with a score';

/** How many rated replies there are, and how many of them are wanted where labels say so. */
export function ratedInWords(ratings: readonly RatedReply[]): string {
  const wanted = ratings.filter(({ label }) => label).length;
  const isLabelled = ratings.every(({ label }) => label !== undefined);
  return `${counted(ratings.length, 'rated reply', 'rated replies')}${isLabelled ? ` (${wanted} wanted)` : ''}`;
}

/** Help of `--max-texts`. */
export const maxTextsHelp = 'read at most this many texts';

/** Help of `--max-pairs`. */
export const maxPairsHelp = 'read a random sample of at most this many pairs';

/** Help of `--told`. */
export const toldHelp =
  'JSON file of what was asked for of properties of replies: {"exclamation": "+", "length": "0", "hedges": "-"}';

/** Begins the help of `--fresh-replies`. */
export const freshRepliesHelp =
  'replies that each model writes to prompts of the pairs, for what was learned of their properties; 0 leaves it out (default: 600)';

/** Help of `--max-length`. */
export const maxLengthHelp = "tokens per text at most (default: the model's context)";

/** What was read of a file. */
export interface Read {
  readonly file: ReadFile;
  /** How many texts or pairs are used, such as `200 texts`. */
  readonly what: string;
  /** Their token ids, where models see them. */
  readonly rows?: readonly ArrayLike<number>[];
  /** Texts that were cut to the context. */
  readonly truncated?: number;
}

/** `1 text`, `2 texts`. */
export const counted = (count: number, what: string, several = `${what}s`): string =>
  `${count} ${count === 1 ? what : several}`;

/** How many texts models see. */
export const usedTexts = (used: number, read: number): string =>
  used === read
    ? counted(used, 'text')
    : `${used} of ${counted(read, 'text')} (the others have fewer than two tokens)`;

/** Says what a file was taken for and how much of it is used. */
export function sayRead({ file, what, rows, truncated }: Read, io: Io): void {
  const tokens = rows?.reduce((sum, { length }) => sum + length, 0);
  const counts = [
    `read ${what}`,
    ...(tokens === undefined ? [] : [counted(tokens, 'token')]),
    ...(truncated === undefined ? [] : [`${truncated} truncated`]),
  ];
  io.err(`${counts.join(', ')}; layout ${file.layout}\n`);
  if (file.skipped.length > 0) io.err(`left out ${describeSkipped(file.skipped)}\n`);
}

/** Says what was read as soon as a run begins, and passes its events on. */
export const sayingRead =
  (read: Read, io: Io, onEvent: (event: RunEventInput) => void) =>
  (event: RunEventInput): void => {
    if (event.type === 'run-started') sayRead(read, io);
    onEvent(event);
  };
