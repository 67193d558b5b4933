import { readFile } from 'node:fs/promises';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { parseVaderLexicon } from './vader/lexicon.ts';
import type { Lexicon } from './vader/lexicon.ts';

const jsonLexicon = z.record(z.string().min(1), z.number());

/**
 * Reads a user's own lexicon: a `.json` object of words and numbers, or lines in VADER's format (word, tab, number),
 * with any finite numbers. Throws `config-invalid` for a file that is neither or cannot be read, `feedback-empty` if no
 * word has a number other than 0.
 */
export async function readLexicon(path: string): Promise<Lexicon> {
  const text = await readUtf8(path);
  const lexicon = path.endsWith('.json')
    ? parseJsonLexicon(path, text)
    : parseVaderLexicon(text, { most: Number.MAX_VALUE });
  if ([...lexicon.values()].some((value) => value !== 0)) return lexicon;
  throw new FeedprintError({
    code: 'feedback-empty',
    message: `${path} gives no word a number other than 0`,
    remedy: 'assign positive and negative numbers to words',
  });
}

async function readUtf8(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).syscall
      ? (cause as NodeJS.ErrnoException).code
      : 'it is not UTF-8';
    throw invalid(`the lexicon ${path} cannot be read (${why})`, 'check the path', cause);
  }
}

function parseJsonLexicon(path: string, text: string): Lexicon {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(`the lexicon ${path} is not JSON`, 'write one JSON object', cause);
  }
  const parsed = jsonLexicon.safeParse(json);
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const [issue] = parsed.error.issues;
  throw invalid(
    `the lexicon ${path} is not an object of words and numbers: ${issue?.path.join('.') ?? ''} ${issue?.message}`,
    'write {"good": 2, "bad": -2}',
    parsed.error,
  );
}

const invalid = (message: string, remedy: string, cause: unknown): FeedprintError =>
  new FeedprintError({ code: 'config-invalid', message, remedy, cause });
