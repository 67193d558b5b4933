/** One word or emoticon, without the punctuation around it. */
export interface SentenceWord {
  readonly written: string;
  readonly lower: string;
  /** In capitals. */
  readonly isLoud: boolean;
}

/** A text as VADER reads it. */
export interface Sentence {
  readonly text: string;
  readonly words: readonly SentenceWord[];
  /** Some words are in capitals and some are not, so that capitals are meaningful. */
  readonly hasMixedCase: boolean;
}

/** Python's white space, which is not quite JavaScript's. */
const space =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const spaces = new RegExp(`${space}+`);
const outerSpaces = new RegExp(`^${space}+|${space}+$`, 'g');
const punctuation = '[!-/:-@[-`{-~]';
const outerPunctuation = new RegExp(`^${punctuation}+|${punctuation}+$`, 'g');

/** Splits a text at white space. */
export function readSentence(untrimmed: string): Sentence {
  const text = untrimmed.replace(outerSpaces, '');
  const words = text === '' ? [] : text.split(spaces).map(toWord);
  const loud = words.filter(({ isLoud }) => isLoud).length;
  return { text, words, hasMixedCase: loud > 0 && loud < words.length };
}

function toWord(token: string): SentenceWord {
  const bare = token.replace(outerPunctuation, '');
  // If no more than two characters remain without punctuation, it is an emoticon.
  const written = [...bare].length <= 2 ? token : bare;
  return {
    written,
    lower: written.toLowerCase(),
    isLoud: /\p{Uppercase}/u.test(written) && !/[\p{Lowercase}\p{Lt}]/u.test(written),
  };
}
