import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { changesSection } from './changes.ts';
import { shape } from './schema.ts';

export type { ChangesReport } from './schema.ts';

/** What tuning changed, measured without any labels. */
export const changes = defineChapter({
  name: 'changes',
  shape,
  sections: [{ id: 'changes', name: 'Changes', render: changesSection }],
  terms: [terms.site, terms.dictionary],
});
