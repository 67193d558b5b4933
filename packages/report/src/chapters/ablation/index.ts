import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { answer } from './answer.ts';
import { cards } from './cards.ts';
import { limits } from './limits.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';
import { validationSection } from './validation.ts';

/** The tests that could have refuted what is said about the features. */
export const ablation = defineChapter({
  name: 'ablation',
  shape,
  sections: [{ id: 'validation', name: 'Validation', render: validationSection }],
  answer,
  sentences,
  cards,
  limits,
  terms: [
    terms.chance,
    terms.site,
    terms.dictionary,
    terms.ablation,
    terms.oddsRatio,
    {
      term: 'cross-entropy recovered',
      meaning:
        'Of the cross-entropy that zeroing a site costs, the share that the SAE’s reconstruction saves.',
    },
  ],
});
