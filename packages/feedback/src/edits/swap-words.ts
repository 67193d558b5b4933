import { inCaseOf } from '../triples/word-forms.ts';

/**
 * Replaces whole words by others, in their case; words in unusual case ("gOOd") are left alone. Words and replacements
 * are in lower case.
 */
export function swapWords(
  replacements: Readonly<Record<string, string>>,
): (text: string) => string {
  const words = new Map(Object.entries(replacements));
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}'-])(?:${[...words.keys()].join('|')})(?![\\p{L}\\p{N}'-])`,
    'giu',
  );
  return (text) =>
    text.replace(pattern, (written) => {
      const replacement = words.get(written.toLowerCase());
      return (replacement !== undefined && inCaseOf(written, replacement)) || written;
    });
}

/** The same pairs, the other way round; of several words with one replacement, the last. */
export const reversed = (
  replacements: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(replacements).map(([word, other]) => [other, word]));
