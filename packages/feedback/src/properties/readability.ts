import { defineProperty } from './define-property.ts';
import { sentencesOf } from './sentences.ts';
import { englishWords } from './words.ts';

/** Syllables of an English word: its groups of vowels but for a silent e at the end, at least one. */
export function syllables(word: string): number {
  let groups = 0;
  let inGroup = false;
  for (let i = 0; i < word.length; i++) {
    const vowel = isVowel(word.charCodeAt(i));
    if (vowel && !inGroup) groups++;
    inGroup = vowel;
  }
  return Math.max(1, groups - Number(endsSilent(word)));
}

/** Whether a letter, of either case, is one of a, e, i, o, u, y. */
function isVowel(code: number): boolean {
  switch (code | 0x20) {
    case 0x61:
    case 0x65:
    case 0x69:
    case 0x6f:
    case 0x75:
    case 0x79:
      return true;
    default:
      return false;
  }
}

/** "made" ends in a silent e, "table" and "tree" do not. */
function endsSilent(word: string): boolean {
  const n = word.length;
  if (n < 3 || (word.charCodeAt(n - 1) | 0x20) !== 0x65) return false;
  const before = word.charCodeAt(n - 2);
  if (isVowel(before)) return false;
  return (before | 0x20) !== 0x6c || isVowel(word.charCodeAt(n - 3));
}

/**
 * Flesch's reading ease (1948), 206.835 - 1.015 words per sentence - 84.6 syllables per word, with syllables counted by
 * rule; NaN without words.
 */
export const readability = defineProperty({
  name: 'readability',
  definition: "Flesch's reading ease, where short sentences of short words are easy.",
  inWords: { more: 'easier sentences', less: 'harder sentences' },
  measure: (reply) => {
    const words = englishWords(reply);
    if (words.length === 0) return NaN;
    let count = 0;
    for (const word of words) count += syllables(word);
    const perSentence = words.length / Math.max(1, sentencesOf(reply).length);
    return 206.835 - 1.015 * perSentence - (84.6 * count) / words.length;
  },
});
