import { defineChapter } from '../../chapter.ts';
import { cards } from './cards.ts';
import { divergenceSection } from './divergence.ts';
import { shape } from './schema.ts';
import { sentences } from './sentences.ts';

/** How far tuning moved the weights of each layer. */
export const layers = defineChapter({
  name: 'layers',
  shape,
  sections: [{ id: 'layers', name: 'Layers', render: divergenceSection }],
  sentences,
  cards,
});
