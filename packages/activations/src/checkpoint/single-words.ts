import type { Tokenizer } from '@huggingface/tokenizers';

/** What words are made of, for a character class in a pattern: `\w` in Hugging Face's tokenizers. */
export const letters = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const endsInWord = new RegExp(`[${letters}]$`, 'u');
const beginsWithWord = new RegExp(`^[${letters}]`, 'u');

interface Splitter {
  split(text: string): string[];
}

/**
 * Where the library keeps what finds added tokens, before and after normalising; version 0.2.0 finds them inside words
 * too.
 */
interface Splitters {
  readonly splitter_unnormalized: Splitter;
  readonly splitter_normalized: Splitter;
}

export interface AddedToken {
  readonly content: string;
  readonly single_word: boolean;
}

/** Makes sure that added tokens which must be words of their own are only found as such. */
export function keepSingleWords(tokenizer: Tokenizer, added: readonly AddedToken[]): void {
  if (!added.some(({ single_word: single }) => single)) return;
  const { splitter_unnormalized: before, splitter_normalized: behind } =
    tokenizer as unknown as Splitters;
  const normalized = (token: string): string => tokenizer.normalizer?.(token) ?? token;
  for (const [splitter, written] of [
    [before, (token: string) => token],
    [behind, normalized],
  ] as const) {
    const isSingle = new Map(
      added.map(({ content, single_word: single }) => [written(content), single]),
    );
    const split = splitter.split.bind(splitter);
    splitter.split = (text) => joinInsideWords(split(text), isSingle);
  }
}

/**
 * Parts of a text in which added tokens that must be words of their own, but touch another word, are merged back into
 * the text around them.
 */
function joinInsideWords(
  parts: readonly string[],
  isSingle: ReadonlyMap<string, boolean>,
): string[] {
  const joined: string[] = [];
  let isOpen = false;
  parts.forEach((part, i) => {
    const [before = '', behind = ''] = [parts[i - 1], parts[i + 1]];
    const touches = endsInWord.test(before) || beginsWithWord.test(behind);
    const isText = isSingle.has(part) ? isSingle.get(part) === true && touches : true;
    if (isText && isOpen) joined[joined.length - 1] += part;
    else joined.push(part);
    isOpen = isText;
  });
  return joined;
}
