import { existsSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FeedprintError } from '@feedprint/core';
import type { ChatTurn } from '@feedprint/core';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import type { PairRecord } from '@feedprint/feedback';

/** A pair as TRL reads it: texts, or for a conversation turns, with an explicit prompt. */
export function pairRow({ id, split, prompt, chosen, rejected, turns, replyTurns }: PairRecord) {
  const answer = (reply: string): ChatTurn[] => [
    { role: 'assistant', content: reply.replace(/^ /, '') },
  ];
  return {
    ...(id !== undefined && { id }),
    ...(split !== undefined && { split }),
    prompt: turns ?? prompt,
    chosen: turns ? (replyTurns?.chosen ?? answer(chosen)) : chosen,
    rejected: turns ? (replyTurns?.rejected ?? answer(rejected)) : rejected,
  };
}

/** Throws `usage` for a file that is there: no repair writes over anything. */
export function assertNew(file: string): void {
  if (!existsSync(file)) return;
  throw new FeedprintError({
    code: 'usage',
    message: `${file} is there already`,
    remedy: 'name another file (--out): a repair never writes over one',
  });
}

/** Writes values as JSON lines, packed if the name ends with .gz. Throws `output-unwritable`. */
export async function writeLines(file: string, values: readonly unknown[]): Promise<void> {
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  makeFolder(dirname(file));
  const bytes = extname(file) === '.gz' ? gzipSync(text) : text;
  await replaceFile(file, (aside) => writeFlushed(aside, bytes));
}
