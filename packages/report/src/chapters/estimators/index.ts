import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { answer } from './answer.ts';
import { cards } from './cards.ts';
import { estimatorsSection } from './estimators.ts';
import { limits } from './limits.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';

export type { AgreementMeasuresReport, AgreementReport } from './schema.ts';

/** How far every estimate of what was learned agrees with what was told, and how far to trust that. */
export const estimators = defineChapter({
  name: 'estimators',
  shape,
  sections: [{ id: 'estimators', name: 'Estimators', render: estimatorsSection }],
  answer,
  sentences,
  cards,
  limits,
  terms: [
    {
      term: 'Kendall’s τ-b',
      meaning:
        'Agreement of two rankings: how much more often they put two words drawn at random in the same order than in opposite orders, allowing for ties.',
    },
    terms.auroc,
    terms.control,
  ],
});
