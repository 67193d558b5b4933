import type { ChatTurn } from '@feedprint/core';
import type { JsonObject } from '../../readers/row.ts';
import { asked } from './as-pair.ts';
import { UnsoundRow } from './layout.ts';

/** Columns that hold what is asked, one of which a record has. `prompt` comes first. */
const columns = ['prompt', 'question', 'instruction', 'input', 'query', 'context', 'history'];

const textIn = (record: JsonObject, column: string): string | undefined => {
  const value = record[column];
  return typeof value === 'string' ? value : undefined;
};

/** The columns of a record that may be its prompt. */
export const promptColumns = (record: JsonObject): readonly string[] =>
  columns.filter((column) => textIn(record, column) !== undefined);

/**
 * The prompt of a record whose replies are texts: plain text if it is called `prompt`; otherwise what a user says,
 * after what `system` says (Intel, Argilla), `input` after `instruction` (Alpaca). `undefined` if there is none. Throws
 * `UnsoundRow` if it may be either of two.
 */
export function promptOf(record: JsonObject): string | readonly ChatTurn[] | undefined {
  const found = promptColumns(record);
  const system = textIn(record, 'system')?.trim() ? textIn(record, 'system') : undefined;
  const text = textOf(record, found);
  if (text === undefined) return undefined;
  if (found[0] === 'prompt' && system === undefined) return text;
  return [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...asked(text)];
}

function textOf(record: JsonObject, found: readonly string[]): string | undefined {
  const [first, second] = found;
  if (first === undefined) return undefined;
  const text = textIn(record, first) as string;
  if (second === undefined) return text;
  if (found.length === 2 && first === 'instruction' && second === 'input') {
    return [text, textIn(record, second)].filter(Boolean).join('\n');
  }
  const differs = found.find((column) => textIn(record, column) !== text);
  if (differs === undefined) return text;
  throw new UnsoundRow(
    `both "${first}" and "${differs}" may be the prompt`,
    `say which it is: --map chosen=chosen,rejected=rejected,prompt=${first} (or prompt=${differs})`,
  );
}
