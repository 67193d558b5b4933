import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { probesSection } from './probes.ts';
import { shape } from './schema.ts';

/** Whether the features of replies tell which of them is preferred. */
export const probes = defineChapter({
  name: 'probes',
  shape,
  sections: [{ id: 'probes', name: 'Probes', render: probesSection }],
  terms: [terms.auroc, terms.control, terms.dictionary],
});
