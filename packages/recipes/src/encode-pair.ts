import type { Tokenizer } from '@feedprint/core';
import type { PairRecord } from '@feedprint/feedback';

/** One reply after its prompt, as token ids. */
export interface EncodedReply {
  /** The end of the prompt that fits into the context, then the reply. */
  readonly row: Int32Array;
  /** Where the reply begins in `row`; the same for both replies of a pair. */
  readonly start: number;
}

/** How prompts and replies become token ids. */
export interface ReplyEncoder {
  /** A prompt alone. */
  prompt(prompt: string): readonly number[];
  /** A prompt with its reply. */
  whole(prompt: string, reply: string): readonly number[];
}

/** Prompt and reply as one text, as the tokenizer wraps texts; `end` is a token that follows each reply. */
export const plainEncoder = (tokenizer: Tokenizer, end?: number): ReplyEncoder => ({
  prompt: (prompt) => tokenizer.encode(prompt, { special: true }),
  whole(prompt, reply) {
    const ids = tokenizer.encode(prompt + reply, { special: true });
    return end === undefined || ids.at(-1) === end ? ids : [...ids, end];
  },
});

export interface EncodedPair {
  /** Index in the file. */
  readonly index: number;
  readonly chosen: EncodedReply;
  readonly rejected: EncodedReply;
  /** Whether the prompt lost its beginning or a reply its end. */
  readonly truncated: boolean;
}

/**
 * Tokenises a pair. Both replies begin at the same token: the first that is not the prompt's own in either of them, so
 * that a token across the boundary belongs to the replies. White space at the end of the prompt counts as part of the
 * replies, wherever the file has it. Replies keep at least half of the context; the prompt loses its beginning, by the
 * same amount for both. `undefined` if a reply has no token that is preceded by another.
 */
export function encodePair(
  pair: PairRecord,
  index: number,
  { encoder, contextLength }: { readonly encoder: ReplyEncoder; readonly contextLength: number },
): EncodedPair | undefined {
  const prompt = encoder.prompt(pair.prompt.trimEnd());
  const sides = [pair.chosen, pair.rejected].map((reply) => encoder.whole(pair.prompt, reply));
  const starts = sides.map((ids) => replyStart(prompt, ids));
  if (sides.some((ids, side) => ids.length <= (starts[side] as number))) return undefined;
  const start = Math.min(...starts);
  const longest = Math.max(...sides.map((ids) => ids.length - start));
  const forReplies = Math.min(longest, Math.max(1, Math.floor(contextLength / 2)));
  const from = Math.max(0, start - (contextLength - forReplies));
  const to = from > 0 ? start + forReplies : contextLength;
  const [chosen, rejected] = sides.map((ids) => ({
    row: Int32Array.from(ids.slice(from, to)),
    start: start - from,
  })) as [EncodedReply, EncodedReply];
  return { index, chosen, rejected, truncated: from > 0 || sides.some((ids) => ids.length > to) };
}

/**
 * How many of a text's tokens belong to its prompt. Nothing predicts the first token: without a prompt, it serves as
 * one.
 */
function replyStart(prompt: readonly number[], ids: readonly number[]): number {
  let start = 0;
  while (start < prompt.length && prompt[start] === ids[start]) start++;
  return Math.max(1, start);
}
