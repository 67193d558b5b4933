import type { Reply } from '@feedprint/core';
import { openRows } from '../readers/open-rows.ts';
import { hashItems } from '../readers/hash-items.ts';
import { isObject } from '../readers/row.ts';
import type { JsonObject } from '../readers/row.ts';
import type { ReadFile, ReadLimit } from '../readers/read-file.ts';
import { createTally, describeSkipped } from '../readers/tally.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';

/** Prompts with their replies. */
export interface InstructionFile extends ReadFile {
  readonly replies: readonly Reply[];
}

/** Columns that hold prompts, and those that hold replies, the first that there is. */
const columns = {
  prompt: ['prompt', 'instruction', 'question', 'query'],
  reply: ['completion', 'response', 'output', 'answer', 'reply'],
} as const;

/**
 * Reads instruction data, a prompt and a reply in a row (`prompt` and `completion` or `response`; Alpaca's `instruction`, `input`
 * and `output`; `question` and `answer`), of any format that `openRows` recognises. Rows without both are left out, counted
 * and named. Throws `texts-invalid` where no row has both.
 */
export async function readInstructions(
  path: string,
  { limit = Infinity }: ReadLimit = {},
): Promise<InstructionFile> {
  const { file, format, rows, sha256 } = await openRows(path);
  const tally = createTally();
  const replies: Reply[] = [];
  for await (const { value, place } of rows) {
    const row = isObject(value) ? value : {};
    const prompt = textIn(row, columns.prompt);
    const reply = textIn(row, columns.reply);
    const input = textIn(row, ['input']) ?? '';
    if (prompt === undefined || reply === undefined) tally.add('no prompt with a reply', place);
    else replies.push({ prompt: input === '' ? prompt : `${prompt}\n\n${input}`, reply });
    if (replies.length >= limit) break;
  }
  if (replies.length === 0) {
    throw textsInvalid(
      `${path}: no row holds a prompt with a reply (${describeSkipped(tally.skipped())})`,
      'give each row a prompt and a completion, or an instruction and an output',
    );
  }
  return {
    file,
    sha256: replies.length >= limit ? hashItems(replies) : sha256(),
    layout: `${format}, prompts with replies`,
    skipped: tally.skipped(),
    replies,
  };
}

/** The text in the first of these columns that has one. */
function textIn(row: JsonObject, names: readonly string[]): string | undefined {
  const found = names.map((name) => row[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' && found.trim() !== '' ? found : undefined;
}
