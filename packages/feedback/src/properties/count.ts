import { englishCounts, lowerCase } from './words.ts';

/** How often a string occurs in a text, without overlap. */
export function countText(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** How often a global expression matches. */
export function countMatches(text: string, pattern: RegExp): number {
  pattern.lastIndex = 0;
  let count = 0;
  while (pattern.test(text)) count++;
  return count;
}

/** How many English words of a text are among these, which are in lower case. */
export function countWords(text: string, words: ReadonlySet<string>): number {
  const counts = englishCounts(text);
  let sum = 0;
  for (const word of words) sum += counts.get(word) ?? 0;
  return sum;
}

/**
 * Counts phrases at the border of words, whatever their case: a space stands for a tab too, an apostrophe for a curly
 * one.
 */
export function countPhrases(...list: readonly string[]): (text: string) => number {
  const source = list.join('|').replaceAll(' ', '[ \\t]').replaceAll("'", "['’]");
  const pattern = new RegExp(`\\b(?:${source})(?![a-z0-9_])`, 'g');
  return (text) => countMatches(lowerCase(text), pattern);
}
