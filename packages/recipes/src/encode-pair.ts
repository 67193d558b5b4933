import type { PreferencePair, Tokenizer } from '@feedprint/core';
import { createReplyWriter } from './write-replies.ts';
import type { Prompt, WholeReply, WrittenReplies } from './write-replies.ts';

/** One reply after its prompt, as token ids. */
export interface EncodedReply {
  /** The end of the prompt that fits into the context, then the reply. */
  readonly row: Int32Array;
  /** Where the reply begins in `row`; the same for all replies to a prompt. */
  readonly start: number;
}

/** Replies to one prompt. */
export interface EncodedReplies {
  readonly replies: readonly EncodedReply[];
  /** Whether the prompt lost its beginning or a reply its end. */
  readonly truncated: boolean;
}

export interface EncodedPair {
  /** Index in the file. */
  readonly index: number;
  readonly chosen: EncodedReply;
  readonly rejected: EncodedReply;
  /** Whether the prompt lost its beginning or a reply its end. */
  readonly truncated: boolean;
}

export interface ReplyEncoderOptions {
  readonly tokenizer: Tokenizer;
  /** Tokens that fit into a row, at least 2. */
  readonly contextLength: number;
  /** How conversations become texts; see `createReplyWriter`. */
  readonly chatTemplate?: string | undefined;
  /** A token that follows each reply which no template ends. */
  readonly endToken?: number | undefined;
}

export interface ReplyEncoder {
  /** Equal for encoders that write conversations alike. */
  readonly template: string;
  /** Replies to one prompt; `undefined` if one of them has no token that is preceded by another. */
  readonly encode: (prompt: Prompt, replies: readonly WholeReply[]) => EncodedReplies | undefined;
  /** A pair as the texts that a model sees. */
  readonly writePair: (pair: PreferencePair) => WrittenReplies;
  /** Both replies of a pair; `index` is its place in the file. */
  readonly encodePair: (pair: PreferencePair, index: number) => EncodedPair | undefined;
}

/**
 * What makes token ids of prompts and replies. All replies to a prompt begin at the same token: the first that is not
 * the prompt's own in any of them, so that a token across the boundary belongs to the replies. Of a template, the prompt
 * is what it writes up to where the answer begins, and the reply includes the token that ends its turn. Otherwise, white
 * space at the end of the prompt counts as part of the replies, wherever the file has it.
 *
 * What is longer than the context loses the beginning of the prompt, the same for all replies; replies lose their end
 * only where they are longer than the context alone, less one token of the prompt.
 */
export function createReplyEncoder({
  tokenizer,
  contextLength,
  chatTemplate,
  endToken,
}: ReplyEncoderOptions): ReplyEncoder {
  const { name, write } = createReplyWriter(tokenizer, chatTemplate);
  const encode: ReplyEncoder['encode'] = (given, answers) => {
    const { prompt, replies, special } = write(given, answers);
    const own = tokenizer.encode(special ? prompt.trimEnd() : prompt, { special });
    const wholes = replies.map((reply) => {
      const ids = tokenizer.encode(prompt + reply, { special });
      return !special || endToken === undefined || ids.at(-1) === endToken
        ? ids
        : [...ids, endToken];
    });
    const starts = wholes.map((ids) => replyStart(own, ids));
    if (wholes.some((ids, i) => ids.length <= (starts[i] as number))) return undefined;
    const start = Math.min(...starts);
    const longest = Math.max(...wholes.map(({ length }) => length - start));
    const from = Math.max(0, start - Math.max(1, contextLength - longest));
    return {
      replies: wholes.map((ids) => ({
        row: Int32Array.from(ids.slice(from, from + contextLength)),
        start: start - from,
      })),
      truncated: from > 0 || wholes.some(({ length }) => length > contextLength),
    };
  };
  return {
    template: name,
    encode,
    writePair: (pair) => write(pair, bothReplies(pair)),
    encodePair: (pair, index) => {
      const encoded = encode(pair, bothReplies(pair));
      if (!encoded) return undefined;
      const [chosen, rejected] = encoded.replies as [EncodedReply, EncodedReply];
      return { index, chosen, rejected, truncated: encoded.truncated };
    },
  };
}

/** The chosen reply, then the other. */
function bothReplies({ chosen, rejected, replyTurns }: PreferencePair): WholeReply[] {
  const { chosen: a, rejected: b } = replyTurns ?? {};
  return [
    { reply: chosen, ...(a && { turns: a }) },
    { reply: rejected, ...(b && { turns: b }) },
  ];
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

/** Chosen and rejected replies in turn. */
export const repliesOf = (pairs: readonly EncodedPair[]): EncodedReply[] =>
  pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
