import type { TokenRows } from '@feedprint/core';

/** Neighbouring texts that one forward pass runs, and the store's rows that come from them. */
export interface TextBlock {
  /** Texts `[firstText, endText)`. */
  readonly firstText: number;
  readonly endText: number;
  /** Rows `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

export interface TextBlocks {
  readonly blocks: readonly TextBlock[];
  /** One entry per kept token. */
  readonly text: Int32Array;
  readonly position: Int32Array;
  readonly token: Int32Array;
  /** Where each row stands among all positions of its block. */
  readonly place: Int32Array;
}

/**
 * Divides texts, in order, into blocks whose padded rectangle has `positions` positions at most, one text at least. The division
 * depends on the texts alone: whoever reads whatever, a text always runs beside the same others.
 */
export function divideTexts(
  texts: TokenRows,
  positions: number,
  isKept: (token: number) => boolean,
): TextBlocks {
  const [text, position, token, place]: [number[], number[], number[], number[]] = [[], [], [], []];
  const blocks: TextBlock[] = [];
  let [firstText, start, longest, before] = [0, 0, 0, 0];
  const close = (endText: number): void => {
    if (endText > firstText) blocks.push({ firstText, endText, start, end: token.length });
    [firstText, start, longest, before] = [endText, token.length, 0, 0];
  };
  for (let t = 0; t < texts.length; t++) {
    const tokens = texts[t] as ArrayLike<number>;
    const widest = Math.max(longest, tokens.length);
    if (widest * (t + 1 - firstText) > positions) close(t);
    longest = Math.max(longest, tokens.length);
    for (let p = 0; p < tokens.length; p++, before++) {
      if (!isKept(tokens[p] as number)) continue;
      text.push(t);
      position.push(p);
      token.push(tokens[p] as number);
      place.push(before);
    }
  }
  close(texts.length);
  return {
    blocks: blocks.filter((block) => block.end > block.start),
    text: Int32Array.from(text),
    position: Int32Array.from(position),
    token: Int32Array.from(token),
    place: Int32Array.from(place),
  };
}
