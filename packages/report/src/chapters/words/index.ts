import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { answer } from './answer.ts';
import { cards } from './cards.ts';
import { limits } from './limits.ts';
import { picture } from './picture.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';
import { wordsSection } from './words.ts';

export type { FeedbackEffectReport, WordReport } from './schema.ts';

/** What every word was learned to mean, compared with what it was told to mean. */
export const words = defineChapter({
  name: 'words',
  shape,
  sections: [{ id: 'words', name: 'Words', render: wordsSection }],
  answer,
  picture,
  sentences,
  cards,
  limits,
  terms: [
    terms.stated,
    {
      term: 'expected',
      meaning:
        'The learned feedback that a word’s stated feedback predicts, from a robust line through all words.',
    },
    {
      term: 'mis-learned, contradicting, flagged',
      meaning:
        'Learned the other way round, by a mixture over all words: some were learned as told, some not at all, some in reverse. Words at least 80 % sure are flagged, as long as at most 5 % of the list is expected to be wrong. What tuning did to neighbouring words that nobody scored is taken off first.',
    },
    terms.chance,
  ],
});
