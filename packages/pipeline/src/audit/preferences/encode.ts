import type { Tokenizer } from '@feedprint/core';
import type { PairRecord } from '@feedprint/feedback';

/** One reply after its prompt, as token ids. */
export interface EncodedReply {
  /** The end of the prompt that fits into the context, then the reply. */
  readonly row: Int32Array;
  /** Where the reply begins in `row`. */
  readonly start: number;
}

export interface EncodedPair {
  /** Index in the file. */
  readonly index: number;
  readonly chosen: EncodedReply;
  readonly rejected: EncodedReply;
  /** A prompt lost its beginning or a reply its end. */
  readonly truncated: boolean;
}

/**
 * Tokenises a pair. A reply is what follows the tokens that the prompt has on its own, so that a token across the border is the
 * reply's. Replies keep at least half of the context; the prompt gives up its beginning, by as much for both. `undefined`
 * where a reply has no token that anything stands before.
 */
export function encodePair(
  pair: PairRecord,
  index: number,
  { tokenizer, contextLength }: { readonly tokenizer: Tokenizer; readonly contextLength: number },
): EncodedPair | undefined {
  const prompt = tokenizer.encode(pair.prompt, { special: true });
  const whole = (reply: string): { ids: readonly number[]; start: number } => {
    const ids = tokenizer.encode(pair.prompt + reply, { special: true });
    let start = 0;
    while (start < prompt.length && prompt[start] === ids[start]) start++;
    // Nothing predicts a text's first token: without a prompt it stands for one.
    return { ids, start: Math.max(1, start) };
  };
  const sides = [whole(pair.chosen), whole(pair.rejected)] as const;
  if (sides.some(({ ids, start }) => ids.length <= start)) return undefined;
  const longest = Math.max(...sides.map(({ ids, start }) => ids.length - start));
  const forReplies = Math.min(longest, Math.max(1, Math.floor(contextLength / 2)));
  const forPrompt = contextLength - forReplies;
  let truncated = false;
  const fit = ({ ids, start }: { ids: readonly number[]; start: number }): EncodedReply => {
    const from = Math.max(0, start - forPrompt);
    const room = from > 0 ? forReplies : contextLength - start;
    const to = Math.min(ids.length, start + room);
    if (from > 0 || to < ids.length) truncated = true;
    return { row: Int32Array.from(ids.slice(from, to)), start: start - from };
  };
  const [chosen, rejected] = [fit(sides[0]), fit(sides[1])];
  return { index, chosen, rejected, truncated };
}
