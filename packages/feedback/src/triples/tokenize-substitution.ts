import type { ContrastiveTriple, Tokenizer } from '@feedprint/core';
import type { Substitution } from './substitute-words.ts';

export interface TokenizeOptions {
  readonly text: string;
  readonly tokenizer: Tokenizer;
  /** The model's context in tokens, including the target; longer contexts lose their beginning. Default: no limit. */
  readonly contextLength?: number;
}

/**
 * The tokens of a substitution, each version cut after the word, or why it has none: `boundary` if the tokens before
 * the word are not the same in all versions (a token runs across its beginning), `too-long` if a word fills the whole
 * context.
 */
export function tokenizeSubstitution(
  { text: index, offset, original, positive, neutral, negative }: Substitution,
  { text, tokenizer, contextLength = Infinity }: TokenizeOptions,
): ContrastiveTriple | 'boundary' | 'too-long' {
  const encode = (version: string): readonly number[] => {
    const ids = tokenizer.encode(version, { special: true });
    return ids.slice(0, ids.findLastIndex((id) => !tokenizer.specialIds.has(id)) + 1);
  };
  const before = text.slice(0, offset);
  // The space before a word belongs to the word's first token.
  const context = encode(before.endsWith(' ') ? before.slice(0, -1) : before);
  const spanOf = (word: string): readonly number[] => {
    const ids = encode(before + word);
    return context.every((id, i) => ids[i] === id) ? ids.slice(context.length) : [];
  };
  const spans = {
    positive: spanOf(positive),
    neutral: spanOf(neutral),
    negative: spanOf(negative),
  };
  const lengths = Object.values(spans).map(({ length }) => length);
  if (context.length === 0 || lengths.includes(0)) return 'boundary';
  const room = contextLength - Math.max(...lengths);
  if (room < 1) return 'too-long';
  return {
    text: index,
    offset,
    position: context.length,
    original,
    context: context.slice(Math.max(0, context.length - room)),
    ...spans,
  };
}
