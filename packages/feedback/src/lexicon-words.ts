import type { Lexicon } from './vader/lexicon.ts';

/** A word of a text. */
export interface TextWord {
  /** As written. */
  readonly word: string;
  /** Where it begins in the text, in UTF-16 units. */
  readonly offset: number;
}

/** A word that a lexicon has an entry for. */
export interface LexiconWord extends TextWord {
  readonly valence: number;
}

/** Letters and digits, and apostrophes and hyphens between them. */
const wholeWord = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The whole words of a text: "don't" and "well-loved" are one word each. */
export const textWords = (text: string): TextWord[] =>
  Array.from(text.matchAll(wholeWord), ({ 0: word, index }) => ({ word, offset: index }));

/** The whole words of a text that are entries of the lexicon, as written or in lower case. */
export function lexiconWords(text: string, lexicon: Lexicon): LexiconWord[] {
  return textWords(text).flatMap(({ word, offset }) => {
    const plain = word.replaceAll('’', "'");
    const valence = lexicon.get(plain) ?? lexicon.get(plain.toLowerCase());
    return valence === undefined || !/\p{L}/u.test(word) ? [] : [{ word, offset, valence }];
  });
}
