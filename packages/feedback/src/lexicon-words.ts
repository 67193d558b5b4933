import type { Lexicon } from './vader/lexicon.ts';

/** A word of a text on which a lexicon says something. */
export interface LexiconWord {
  /** As written. */
  readonly word: string;
  /** Where it begins in the text, in UTF-16 units. */
  readonly offset: number;
  readonly valence: number;
}

/** Letters and digits, and apostrophes and hyphens between them: "don't" and "well-loved" are one word each. */
const wholeWord = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The whole words of a text that are entries of the lexicon, in lower case. */
export function lexiconWords(text: string, lexicon: Lexicon): LexiconWord[] {
  return Array.from(text.matchAll(wholeWord)).flatMap(({ 0: word, index }) => {
    const valence = lexicon.get(word.toLowerCase().replaceAll('’', "'"));
    return valence === undefined || !/\p{L}/u.test(word) ? [] : [{ word, offset: index, valence }];
  });
}
