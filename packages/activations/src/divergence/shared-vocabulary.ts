import type { LanguageModel } from '@feedprint/core';

type Known = Pick<LanguageModel, 'info'>;

/** How many tokens both models know, from id 0 on; one may have rows for more, such as padding. */
export const sharedVocabulary = (base: Known, tuned: Known): number =>
  Math.min(base.info.vocabularySize, tuned.info.vocabularySize);
