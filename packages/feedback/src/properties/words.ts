import { rememberTexts } from './remember-texts.ts';

/** A text in lower case, but for the two characters outside ASCII whose small letter is one of a to z. */
export const lowerCase = rememberTexts((text): string =>
  text.replace(/[\u0130\u212a]/g, ' ').toLowerCase(),
);

/** Runs of the letters A to Z and apostrophes, in lower case: what properties of English words count. */
export const englishWords = rememberTexts(
  (text): readonly string[] => lowerCase(text).match(/[a-z']+/g) ?? [],
);

/** How often each English word occurs. */
export const englishCounts = rememberTexts((text): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const word of englishWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
});

/**
 * The words of a text in any script, in lower case: letters and digits with apostrophes and hyphens between them. Where
 * words are not separated by spaces (Chinese, Japanese, Thai), each character is one.
 */
export const wordsOf = rememberTexts((text): readonly string[] => {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\x00-\x7f]*$/.test(lower);
  return lower.match(ascii ? asciiWord : anyWord) ?? [];
});

/** The same words of a text in ASCII, found several times as fast. */
const asciiWord = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;

const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}';
const spaced = `(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]`;
const anyWord = new RegExp(`[${unspaced}]|(?:${spaced})+(?:['’-](?:${spaced})+)*`, 'gu');
