import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { readJson } from './config.ts';

const fileSchema = z.looseObject({
  model: z.looseObject({
    // Of other kinds the library guesses.
    type: z.enum(['BPE', 'WordPiece', 'Unigram']),
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.unknown())]),
  }),
  added_tokens: z
    .array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean().default(false) }))
    .default([]),
});

/** Reads `tokenizer.json` (and `tokenizer_config.json`, if there) of a checkpoint folder. Throws `checkpoint-invalid`. */
export function readTokenizer(folder: string): Tokenizer {
  const path = join(folder, 'tokenizer.json');
  const json = readJson(path);
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw noTokenizer(path, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  }
  const configPath = join(folder, 'tokenizer_config.json');
  const config = existsSync(configPath) ? readJson(configPath) : {};
  const tokenizer = createTokenizer(path, json, config);
  const { model, added_tokens: added } = parsed.data;
  const ids = Array.isArray(model.vocab) ? [model.vocab.length - 1] : Object.values(model.vocab);
  const largest = [...ids, ...added.map(({ id }) => id)].reduce((a, b) => Math.max(a, b), -1);
  const texts = new Map<number, string>();
  return {
    vocabularySize: largest + 1,
    specialIds: new Set(added.filter(({ special }) => special).map(({ id }) => id)),
    fingerprint: createHash('sha256').update(JSON.stringify(json)).digest('hex'),
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids])),
    tokenText(id) {
      const known = texts.get(id);
      if (known !== undefined) return known;
      const text = tokenizer.decode([id]);
      texts.set(id, text);
      return text;
    },
  };
}

function createTokenizer(path: string, json: unknown, config: unknown): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json as object, config as object);
  } catch (cause) {
    throw noTokenizer(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const noTokenizer = (path: string, why: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} is no tokenizer: ${why}`,
    remedy: 'use the tokenizer.json that belongs to the model',
    cause,
  });
