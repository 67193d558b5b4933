import type { Tokenizer } from '@feedprint/core';
import { z } from 'zod';
import type { ReadText, TextList, TextQuery } from '../../api/texts.ts';
import { notFound } from '../http/respond.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import { queryTables } from '../runs/query-tables.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { statedOf } from './stated-of.ts';
import { readTextFigures, sortedTexts } from './text-table.ts';

/** Tokens shown of a text in a list, and how many of them before a word that was looked for. */
const SHOWN = 28;
const BEFORE = 8;

/** Texts of a run with the beginnings of each, or what surrounds a word. */
export async function listTexts(
  models: ModelDesk,
  run: RunFolder,
  { word, sort, offset, limit }: TextQuery,
): Promise<TextList> {
  const all = await readTextFigures(run);
  const tokenizer = await models.tokenizer(run);
  const places = word.trim() === '' ? undefined : await placesOf(run, tokenizer, word.trim());
  const found = sortedTexts(all, sort).filter(({ text }) => places?.has(text) ?? true);
  const page = found.slice(offset, offset + limit);
  const from = page.map(({ text }) => Math.max(0, (places?.get(text) ?? 0) - BEFORE));
  const read = await readRows(
    run,
    page.map(({ text }, i) => ({ text, from: from[i] ?? 0, to: (from[i] ?? 0) + SHOWN })),
  );
  return {
    total: found.length,
    tokens: all.reduce((sum, { length }) => sum + length, 0),
    texts: page.map((figures) => {
      const { ids = [], shifts = [] } = read.get(figures.text) ?? {};
      return { ...figures, tokens: ids.map((id) => tokenizer.tokenText(id)), shifts };
    }),
  };
}

/** A whole text. Refuses for one that the run does not have. */
export async function readText(models: ModelDesk, run: RunFolder, text: number): Promise<ReadText> {
  const read = (await readRows(run, [{ text, from: 0, to: MOST }])).get(text);
  if (!read) throw notFound('This run has no such text.');
  const tokenizer = await models.tokenizer(run);
  const stated = await statedOf(run);
  return {
    text,
    tokens: read.ids.map((id) => tokenizer.tokenText(id)),
    shifts: read.shifts,
    stated: read.ids.map((id) => stated.get(id) ?? null),
  };
}
/** Tokens of one text that a page can show. */
const MOST = 20_000;

const rowSchema = z.object({
  text: z.int(),
  ids: z.array(z.int()),
  shifts: z.array(z.number().nullable()),
});

interface Span {
  readonly text: number;
  readonly from: number;
  readonly to: number;
}

async function readRows(
  run: RunFolder,
  spans: readonly Span[],
): Promise<ReadonlyMap<number, z.infer<typeof rowSchema>>> {
  if (spans.length === 0) return new Map();
  const rows = await queryTables(run, {
    tables: ['tokens'],
    sql: `SELECT t.text, list(t.token ORDER BY t.position)[1:${MOST}] AS ids,
        list(t.tuned - t.base ORDER BY t.position)[1:${MOST}] AS shifts
      FROM tokens t JOIN (SELECT unnest($1::INTEGER[]) AS text, unnest($2::INTEGER[]) AS low, unnest($3::INTEGER[]) AS high) s
        ON t.text = s.text AND t.position >= s.low AND t.position < s.high
      GROUP BY t.text`,
    parameters: [
      `[${spans.map(({ text }) => text).join(',')}]`,
      `[${spans.map(({ from }) => from).join(',')}]`,
      `[${spans.map(({ to }) => to).join(',')}]`,
    ],
    row: rowSchema,
  });
  return new Map(rows.map((row) => [row.text, row]));
}

/** Where a word that is one token occurs first in each text that has it. */
async function placesOf(
  run: RunFolder,
  tokenizer: Tokenizer,
  word: string,
): Promise<ReadonlyMap<number, number>> {
  const capital = word.slice(0, 1).toUpperCase() + word.slice(1);
  const written = [word, word.toLowerCase(), capital].flatMap((one) => [one, ` ${one}`]);
  const ids = written
    .map((one) => tokenizer.encode(one, { special: false }))
    .flatMap(([id, ...more]) => (id === undefined || more.length > 0 ? [] : [id]));
  const rows = await queryTables(run, {
    tables: ['tokens'],
    sql: `SELECT text, min(position) AS position FROM tokens
      WHERE list_contains($1::INTEGER[], token) GROUP BY text`,
    parameters: [`[${[...new Set(ids)].join(',')}]`],
    row: z.object({ text: z.int(), position: z.int() }),
  });
  return new Map(rows.map(({ text, position }) => [text, position]));
}
