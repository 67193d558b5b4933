import { defineChapter } from '../../chapter.ts';
import { textsSection } from './heat-texts.ts';
import { shape } from './schema.ts';

/** Example texts, token by token. */
export const tokens = defineChapter({
  name: 'tokens',
  shape,
  sections: [{ id: 'texts', name: 'Texts', render: textsSection }],
});
