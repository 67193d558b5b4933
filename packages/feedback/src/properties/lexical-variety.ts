import { defineProperty } from './define-property.ts';
import { wordsOf } from './words.ts';

const WINDOW = 50;

/**
 * The moving-average type-token ratio (Covington and McFall 2010): the mean share of different words over all windows
 * of 50 words, or over the whole of a shorter reply, so that it does not fall with length. NaN without words.
 */
export const lexicalVariety = defineProperty({
  name: 'lexical-variety',
  definition: 'The share of different words within 50 words, on average.',
  inWords: { more: 'more varied words', less: 'less varied words' },
  measure: (reply) => {
    const words = wordsOf(reply);
    const width = Math.min(WINDOW, words.length);
    const counts = new Map<string, number>();
    let sum = 0;
    words.forEach((word, i) => {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      if (i >= width) {
        const gone = words[i - width] as string;
        const left = (counts.get(gone) as number) - 1;
        if (left === 0) counts.delete(gone);
        else counts.set(gone, left);
      }
      if (i >= width - 1) sum += counts.size;
    });
    return sum / (words.length - width + 1) / width;
  },
});
