import { defineChapter } from '../../chapter.ts';
import { terms } from '../../terms.ts';
import { repliesSection } from './replies.ts';
import { shape } from './schema.ts';

export type { RepliesReport } from './schema.ts';

/** Whole texts whose implied reward differs from what their stated feedback predicts. */
export const texts = defineChapter({
  name: 'texts',
  shape,
  sections: [{ id: 'replies', name: 'Whole texts', render: repliesSection }],
  terms: [terms.stated, terms.chance],
});
