import { countWords } from './count.ts';
import { defineProperty } from './define-property.ts';

/** Words that weaken what is said. */
export const hedgeWords: ReadonlySet<string> = new Set(
  'maybe perhaps somewhat rather probably possibly seems seem seemed quite fairly guess apparently almost'.split(
    ' ',
  ),
);

const certainWords: ReadonlySet<string> = new Set(
  'definitely certainly clearly obviously undoubtedly absolutely surely indeed always never completely entirely totally exactly must guaranteed undeniably unquestionably'.split(
    ' ',
  ),
);

export const certainties = [
  defineProperty({
    name: 'hedges',
    definition: 'Words that weaken what is said, such as perhaps, probably, seems.',
    measure: (reply) => countWords(reply, hedgeWords),
  }),
  defineProperty({
    name: 'certainty',
    definition: 'Words that leave no doubt, such as definitely, clearly, always.',
    measure: (reply) => countWords(reply, certainWords),
  }),
] as const;
