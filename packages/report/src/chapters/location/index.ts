import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { limits } from './limits.ts';
import { locationSection } from './location.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';

export type { LocationReport } from './schema.ts';

/** In which parameters of the model the shift along the feedback sits. */
export const location = defineChapter({
  name: 'location',
  shape,
  sections: [{ id: 'location', name: 'Location', render: locationSection }],
  sentences,
  limits,
  terms: [
    terms.stated,
    {
      term: 'shift along the feedback',
      meaning:
        'How strongly the log-ratios of words follow what is stated of them: the slope of log p tuned / p base on the stated feedback, in nats per unit.',
    },
    {
      term: 'restored, transplanted',
      meaning:
        'Restored: the tuned model with some of the base’s parameters; what of the shift is gone depends on them. Transplanted: the base with some of the tuned model’s; what of the shift is there they give alone.',
    },
  ],
});
