import { defineChapter } from '../../chapter.ts';
import { shape } from './schema.ts';
import { contextsSection } from './section.ts';

export type { ContextsReport } from './schema.ts';

/** The words' shifts in contexts that the models write themselves. */
export const contexts = defineChapter({
  name: 'contexts',
  shape,
  sections: [{ id: 'contexts', name: 'Own contexts', render: contextsSection }],
  terms: [
    {
      term: 'on policy',
      meaning:
        'In contexts that a model wrote itself, continuing the beginnings of texts, rather than in texts that others wrote.',
    },
  ],
});
