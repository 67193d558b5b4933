import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { answer } from './answer.ts';
import { picture } from './picture.ts';
import { propertiesSection } from './properties.ts';
import { shape } from './schema.ts';
import { limits, sentences } from './sentences.ts';

export { groupsOf } from './property-groups.ts';
export { changeInWords, isMore } from './property-words.ts';
export { judgedPropertySchema, propertyColumnSchema } from './property-shape.ts';
export { predictionFitSchema } from './schema.ts';
export type { PropertyReport, ReplyVerdictReport } from './schema.ts';

/** What was told of properties of replies, what the labels reward and what was learned. */
export const properties = defineChapter({
  name: 'properties',
  shape,
  sections: [{ id: 'properties', name: 'Properties', render: propertiesSection }],
  answer,
  picture,
  sentences,
  limits,
  terms: [
    terms.control,
    {
      term: 'R, nats',
      meaning:
        'The log-ratio of a reply: the sum over its tokens of log p tuned - log p base, in units of natural logarithms. Above 0, tuning made the reply more probable.',
    },
    {
      term: 'placebo',
      meaning:
        'A model that cannot have learned the feedback: the base at the tuned model’s temperature, or with its weights moved at random as far as tuning moved them.',
    },
  ],
});
