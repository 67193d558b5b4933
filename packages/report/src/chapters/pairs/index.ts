import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { answer, picture } from './answer.ts';
import { preferencesSection } from './preferences.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';

export type { PreferencesReport } from './schema.ts';

/** What preference pairs say, what was learned from them, and where the two contradict. */
export const pairs = defineChapter({
  name: 'pairs',
  shape,
  sections: [{ id: 'preferences', name: 'Preferences', render: preferencesSection }],
  answer,
  picture,
  sentences,
  terms: [terms.chance, terms.auroc, terms.control],
});
