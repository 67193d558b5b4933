import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { featuresSection } from './features.ts';
import { limits } from './limits.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';

export type { FeatureReport } from './schema.ts';

/** Which features of the dictionaries carry what was learned. */
export const features = defineChapter({
  name: 'features',
  shape,
  sections: [{ id: 'features', name: 'Features', render: featuresSection }],
  sentences,
  limits,
  terms: [
    terms.chance,
    terms.site,
    terms.dictionary,
    terms.density,
    terms.ablation,
    terms.oddsRatio,
    {
      term: 'label score',
      meaning:
        'Balanced accuracy of telling active from silent windows from the label alone; 0.5 is chance.',
    },
  ],
});
