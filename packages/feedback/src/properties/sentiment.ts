import type { Property } from '@feedprint/core';
import type { Lexicon } from '../vader/lexicon.ts';
import { defineProperty } from './define-property.ts';
import { englishCounts } from './words.ts';

/** The sum of a lexicon's valences over a reply's words, in lower case; words that it does not have count 0. */
export const sentimentProperty = (lexicon: Lexicon): Property =>
  defineProperty({
    name: 'sentiment',
    definition:
      "The sum of VADER's valences of the words, from -4 for the worst to 4 for the best.",
    inWords: { more: 'more positive words', less: 'more negative words' },
    measure: (reply) => {
      let sum = 0;
      for (const [word, count] of englishCounts(reply)) sum += count * (lexicon.get(word) ?? 0);
      return sum;
    },
  });
