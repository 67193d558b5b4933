import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { shape } from './schema.ts';
import { causesSection } from './section.ts';
import { limits, sentences } from './sentences.ts';

export { criteria as causeCriteria } from './criteria.ts';
export type { CausesReport } from './schema.ts';

/** What carries the learned effect, tested by interventions in both models. */
export const causes = defineChapter({
  name: 'causes',
  shape,
  sections: [{ id: 'causes', name: 'Causes', render: causesSection }],
  sentences,
  limits,
  terms: [
    terms.site,
    terms.control,
    {
      term: 'direction',
      meaning:
        'A line through the space of a site’s activations. The component along it is measured so that the rest of the predictions moves as little as possible.',
    },
    {
      term: 'necessary, sufficient',
      meaning:
        'Necessary: without it, the tuned model loses the effect. Sufficient: with it, the base has it. Both are shares of what all activations after the last block do.',
    },
    {
      term: 'difference in differences',
      meaning:
        'What an edit does in the tuned model, less what the same edit does in the base. Here the component along the direction is held at its mean in the base.',
    },
    {
      term: 'dose',
      meaning: 'How many times the mean difference between the models along a direction is added.',
    },
  ],
});
