import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { findChatTemplate } from './chat-template.ts';
import { forLibrary } from './for-library.ts';
import { readJson } from './json.ts';
import { missingTokenizer } from './missing-tokenizer.ts';
import { keepSingleWords } from './single-words.ts';
import { createCutter } from './text-cuts.ts';
import type { Cutter } from './text-cuts.ts';

const fileSchema = z.looseObject({
  model: z.looseObject({
    // The library guesses how to read other kinds.
    type: z.enum(['BPE', 'WordPiece', 'Unigram', 'WordLevel']),
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.unknown())]),
  }),
  added_tokens: z
    .array(
      z.looseObject({
        id: z.int(),
        content: z.string(),
        special: z.boolean().default(false),
        single_word: z.boolean().default(false),
      }),
    )
    .default([]),
});

/**
 * Reads `tokenizer.json` (and `tokenizer_config.json`, if present) of a folder; `missingTokenizer` for a folder
 * without. Throws `checkpoint-invalid`.
 */
export function readTokenizer(folder: string): Tokenizer {
  const path = join(folder, 'tokenizer.json');
  if (!existsSync(path)) return missingTokenizer(folder);
  const json = readJson(path);
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw noTokenizer(path, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  }
  const configPath = join(folder, 'tokenizer_config.json');
  const config = existsSync(configPath) ? readJson(configPath) : {};
  const { model, added_tokens: added } = parsed.data;
  const tokenizer = createTokenizer(path, forLibrary(json as Record<string, unknown>), config);
  keepSingleWords(tokenizer, added);
  const size = added.reduce((n, { id }) => Math.max(n, id + 1), idsOf(model.vocab));
  return {
    vocabularySize: size,
    specialIds: new Set(added.filter(({ special }) => special).map(({ id }) => id)),
    fingerprint: hashOf(json),
    textFingerprint: hashOf(textParts(parsed.data)),
    encode: createEncode(tokenizer, path, alters(config) ? undefined : createCutter(json)),
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids])),
    tokenText: createTokenText(tokenizer, json),
    chatTemplate: (source) => findChatTemplate(folder, source),
  };
}

/** One more than the largest id of a model's vocabulary. */
const idsOf = (vocab: Readonly<Record<string, number>> | readonly unknown[]): number =>
  Array.isArray(vocab)
    ? vocab.length
    : Object.values(vocab as Readonly<Record<string, number>>).reduce(
        (n, id) => Math.max(n, id + 1),
        0,
      );

const hashOf = (json: unknown): string =>
  createHash('sha256').update(JSON.stringify(json)).digest('hex');

/**
 * What determines the ids of texts without special tokens after the vocabulary; how rows are padded and cut does not.
 */
function textParts(file: z.infer<typeof fileSchema>): unknown {
  const { model, added_tokens: added, normalizer, pre_tokenizer, post_processor } = file;
  const words = idsOf(model.vocab);
  const merges = z.array(z.union([z.string(), z.array(z.string())])).safeParse(model.merges).data;
  return {
    model: {
      ...model,
      merges: merges?.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))),
    },
    normalizer,
    pre_tokenizer,
    post_processor,
    added_tokens: added.filter(({ id, special }) => !special || id < words),
  };
}

/** Longest part of a text whose ids are kept, and number of such parts: a few tens of MB. */
const LONGEST_KEPT = 64;
const MOST_KEPT = 100_000;

/** Encodes a text word by word if it can be cut: words recur, and those after the last token wanted are not read. */
function createEncode(
  tokenizer: HuggingFaceTokenizer,
  path: string,
  cut: Cutter | undefined,
): Tokenizer['encode'] {
  const known = new Map<string, readonly number[]>();
  const encode = (text: string): readonly number[] => {
    const kept = known.get(text);
    if (kept) return kept;
    const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
    const unknown = ids.findIndex((id: number | undefined) => id === undefined);
    if (unknown >= 0) throw noToken(path, tokens[unknown]);
    if (text.length > LONGEST_KEPT) return ids;
    if (known.size === MOST_KEPT) known.clear();
    known.set(text, ids);
    return ids;
  };
  const { before, after } = surroundings(tokenizer);
  return (text, { maxTokens = Infinity, special = true } = {}) => {
    const ids: number[] = special ? [...before] : [];
    for (const part of cut?.(text) ?? [text]) {
      if (ids.length >= maxTokens) break;
      for (const id of encode(part)) ids.push(id);
    }
    if (special) ids.push(...after);
    return ids.length > maxTokens ? ids.slice(0, maxTokens) : ids;
  };
}

/** Ids of the tokens that the tokenizer puts around a text. */
function surroundings(tokenizer: HuggingFaceTokenizer): Record<'before' | 'after', number[]> {
  const ids = (special: boolean): number[] =>
    tokenizer.encode('a', { add_special_tokens: special }).ids;
  const [own, all] = [ids(false), ids(true)];
  const at = Math.max(0, all.lastIndexOf(own[0] as number));
  return { before: all.slice(0, at), after: all.slice(at + own.length) };
}

/**
 * The text of a token inside a text. Some decoders strip the space from what they take for the start of a text, or put
 * one between tokens: for these, it is what the token adds to another one.
 */
function createTokenText(tokenizer: HuggingFaceTokenizer, json: unknown): (id: number) => string {
  const known = new Map<number, string>();
  const strips = /^null$|"(Strip|Metaspace|WordPiece)"/.test(
    JSON.stringify((json as { decoder?: unknown }).decoder ?? null),
  );
  const [anchor] = tokenizer.encode('a', { add_special_tokens: false }).ids.slice(-1);
  const start = strips && anchor !== undefined ? [anchor] : [];
  const skipped = start.length === 0 ? 0 : tokenizer.decode(start).length;
  return (id) => {
    const text = known.get(id) ?? tokenizer.decode([...start, id]).slice(skipped);
    known.set(id, text);
    return text;
  };
}

/** Settings with which the library changes a whole text before it splits it. */
const alters = (config: unknown): boolean => {
  const { remove_space: removes, do_lowercase_and_remove_accent: lowers } = (config ??
    {}) as Readonly<Record<string, unknown>>;
  return removes === true || Boolean(lowers);
};

function createTokenizer(path: string, json: unknown, config: unknown): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json as object, config as object);
  } catch (cause) {
    throw noTokenizer(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const noToken = (path: string, token = ''): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `${path} has no token for ${JSON.stringify(token)}, and none for unknown words`,
    remedy: 'use a tokenizer with an unknown token, or leave the text out',
  });

const noTokenizer = (path: string, why: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} is not a tokenizer: ${why}`,
    remedy: 'use the tokenizer.json that belongs to the model',
    cause,
  });
