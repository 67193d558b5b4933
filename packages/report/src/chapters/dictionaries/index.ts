import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { dictionariesSection } from './dictionaries.ts';
import { limits } from './limits.ts';
import { shape } from './schema.ts';

/** How the sparse autoencoders were trained, how good they are, and whether they find the same features. */
export const dictionaries = defineChapter({
  name: 'dictionaries',
  shape,
  sections: [{ id: 'dictionaries', name: 'Dictionaries', render: dictionariesSection }],
  limits,
  terms: [
    terms.site,
    terms.dictionary,
    {
      term: 'mse, FVU',
      meaning: 'Squared error of the SAE, and the same as a share of the variance (0 is best).',
    },
    terms.density,
    {
      term: 'MMCS',
      meaning:
        'Mean max cosine similarity: how closely the features of one dictionary are found in another; 1 means exactly.',
    },
  ],
});
