import { basename } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { openRows } from '@feedprint/feedback';

/** One person's answers to a sheet. */
export interface SheetAnswers {
  /** Name of the file. */
  readonly name: string;
  /** A letter per question; questions that were left open have none. */
  readonly letters: ReadonlyMap<number, string>;
}

/**
 * Reads a filled-in sheet, or any file of rows with `question` and `answer` (CSV, TSV, JSON Lines, a JSON list, Parquet). Throws
 * `texts-invalid` for a file that cannot be read, an answer that is no letter from A to E, and a question that is answered twice.
 */
export async function readAnswers(path: string): Promise<SheetAnswers> {
  const letters = new Map<number, string>();
  const seen = new Set<number>();
  for await (const { value, place } of (await openRows(path)).rows) {
    const row = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >;
    const question = Number(row['question'] ?? NaN);
    const answer = String(row['answer'] ?? '')
      .trim()
      .toUpperCase();
    if (!Number.isInteger(question) || seen.has(question) || !/^[A-E]?$/.test(answer)) {
      throw new FeedprintError({
        code: 'texts-invalid',
        message: `${path}, ${place}: ${problemOf(question, answer, seen)}`,
        remedy:
          'give each row of the sheet its question, once, and a letter from A to E as the answer, or nothing',
      });
    }
    seen.add(question);
    if (answer !== '') letters.set(question, answer);
  }
  return { name: basename(path), letters };
}

function problemOf(question: number, answer: string, seen: ReadonlySet<number>): string {
  if (!Number.isInteger(question)) return 'there is no number of a question';
  if (seen.has(question)) return `question ${question} is answered twice`;
  return `the answer "${answer.slice(0, 20)}" is no letter from A to E`;
}
