/** Properties of phrases, which may move where marks come within one. */
export const phrasesChange: readonly string[] = [
  'examples',
  'signposts',
  'refusals',
  'apologies',
  'disclaimers',
  'offers',
  'flattery',
  'agreement',
];

/** What may move where one word is written for another. */
export const wordsChange: readonly string[] = [
  'word-length',
  'readability',
  'lexical-variety',
  'repetition',
  'prompt-repetition',
  'sentiment',
  ...phrasesChange,
];

/** What may move where words come or go within sentences. */
export const wordsComeOrGo: readonly string[] = ['length', 'sentence-length', ...wordsChange];

/** What may move where a sentence comes. */
export const sentenceComes: readonly string[] = ['sentences', ...wordsComeOrGo];
