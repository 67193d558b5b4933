import { trainMerges } from './train-merges.ts';
import type { Piece } from './train-merges.ts';

/** How texts become tokens: bytes with the space before a word, as GPT-2, or characters with a mark before a word, as SentencePiece. */
export type TokenizerKind = 'byte-level' | 'metaspace';

/** The one special token, id 0: it begins a text and ends it. */
export const END = '<|endoftext|>';

/** GPT-2's pieces of text, within which tokens stay. */
const pieces = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

const MARK = '▁';

/** Bytes as the printable characters that GPT-2 writes for them. */
const printable = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
const shifted = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable(byte));
const byteSymbol = (byte: number): string =>
  String.fromCharCode(printable(byte) ? byte : 256 + shifted.indexOf(byte));

const symbolsOf: Readonly<Record<TokenizerKind, (piece: string) => string[]>> = {
  'byte-level': (piece) => Array.from(Buffer.from(piece), byteSymbol),
  metaspace: (piece) => Array.from(piece.replaceAll(' ', MARK)),
};

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);
const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** The fields of tokenizer.json that differ between the kinds. */
const parts: Readonly<Record<TokenizerKind, Readonly<Record<string, unknown>>>> = {
  'byte-level': {
    normalizer: null,
    pre_tokenizer: {
      ...{ type: 'ByteLevel', add_prefix_space: false },
      ...{ trim_offsets: true, use_regex: true },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  },
  metaspace: {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: MARK },
        { type: 'Replace', pattern: { String: ' ' }, content: MARK },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: MARK }, content: ' ' },
        ...[{ type: 'ByteFallback' }, { type: 'Fuse' }],
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
  },
};

/**
 * Trains a byte-pair tokenizer of at most `vocabulary` tokens and gives the contents of its tokenizer.json. Every one of `words` is counted once more in
 * 240 texts, so that it becomes one token with its leading space.
 */
export function tokenizerFile(
  kind: TokenizerKind,
  texts: readonly string[],
  { vocabulary, words }: { readonly vocabulary: number; readonly words: readonly string[] },
): Record<string, unknown> {
  const counts = new Map<string, number>();
  const add = (piece: string, count: number): void => {
    counts.set(piece, (counts.get(piece) ?? 0) + count);
  };
  const lead = kind === 'metaspace' ? ' ' : '';
  for (const text of texts) for (const [piece] of (lead + text).matchAll(pieces)) add(piece, 1);
  for (const word of words) add(` ${word}`, Math.floor(texts.length / 240));
  const counted = [...counts].map(([piece, count]): Piece => ({
    symbols: symbolsOf[kind](piece),
    count,
  }));
  const characters = [...new Set(counted.flatMap(({ symbols }) => symbols))].sort();
  const alphabet =
    kind === 'byte-level'
      ? allBytes.map(byteSymbol)
      : [...allBytes.map((byte) => `<0x${hex(byte)}>`), ...characters];
  const merges = trainMerges(counted, vocabulary - 1 - alphabet.length);
  const tokens = [...new Set([END, ...alphabet, ...merges.map(([left, right]) => left + right)])];
  const special = { SpecialToken: { id: END, type_id: 0 } };
  return {
    ...{ version: '1.0', truncation: null, padding: null },
    added_tokens: [
      {
        ...{ id: 0, content: END, special: true, normalized: false },
        ...{ single_word: false, lstrip: false, rstrip: false },
      },
    ],
    ...parts[kind],
    post_processor: {
      type: 'TemplateProcessing',
      single: [special, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [special, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { [END]: { id: END, ids: [0], tokens: [END] } },
    },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: kind === 'metaspace' ? END : null },
      ...{ continuing_subword_prefix: null, end_of_word_suffix: null },
      ...{ fuse_unk: false, byte_fallback: kind === 'metaspace', ignore_merges: false },
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => `${left} ${right}`),
    },
  };
}
