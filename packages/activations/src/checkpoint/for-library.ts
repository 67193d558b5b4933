import { letters } from './single-words.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/**
 * A `tokenizer.json` expressed in the kinds of model and pre-tokenizer that the library has, replacing those that it
 * lacks or reads differently.
 */
export function forLibrary(file: Json): Json {
  const { model, pre_tokenizer: split } = file;
  return {
    ...file,
    model: isObject(model) && model.type === 'WordLevel' ? asWordPiece(model) : model,
    pre_tokenizer: withUnicodeWords(split),
  };
}

/**
 * A model of whole words as one of word pieces whose words cannot continue: continuations have a prefix longer than any
 * token.
 */
function asWordPiece(model: Json): Json {
  const { vocab, unk_token: unknown = '<unk>' } = model;
  const longest = Object.keys(vocab as Json).reduce((n, { length }) => Math.max(n, length), 0);
  return {
    ...model,
    type: 'WordPiece',
    unk_token: unknown,
    continuing_subword_prefix: '#'.repeat(longest + 1),
    max_input_chars_per_word: Infinity,
  };
}

/** `Whitespace`, for which the library takes only ASCII letters for words. */
const unicodeWords = {
  type: 'Split',
  pattern: { Regex: String.raw`[${letters}]+|[^${letters}\p{White_Space}]+` },
  behavior: 'Removed',
  invert: true,
};

function withUnicodeWords(preTokenizer: unknown): unknown {
  if (!isObject(preTokenizer)) return preTokenizer;
  const { type, pretokenizers: parts } = preTokenizer;
  if (type === 'Whitespace') return unicodeWords;
  return Array.isArray(parts)
    ? { ...preTokenizer, pretokenizers: parts.map(withUnicodeWords) }
    : preTokenizer;
}
