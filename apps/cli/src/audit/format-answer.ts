import type { AuditReport } from '@feedprint/recipes';
import { wrapped } from '../wrapped.ts';

/** The first screen of a report, for a terminal of so many columns. */
export function formatAnswer(
  { sentence, restsOn, notVisible, next }: AuditReport['answer'],
  columns: number,
): string {
  const width = Math.min(columns, 100) - INDENT;
  const lines = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => wrapped(text, width));
  const block = (name: string, texts: readonly string[]): string[] =>
    texts.map((text, i) => `${(i === 0 ? name : '').padEnd(INDENT)}${text}`);
  return [
    ...wrapped(sentence, width + INDENT),
    '',
    ...block('It rests on', lines(restsOn)),
    ...block('Not visible', lines(notVisible)),
    ...block(
      'Do next',
      // A command is not broken, so that it can be copied.
      next.flatMap(({ what, command }) => [...wrapped(what, width), `  ${command}`]),
    ),
  ].join('\n');
}

/** Columns of the names. */
const INDENT = 14;
