/** What `--feedback` and `--lexicon` take. */
export const lexiconHelp =
  'vader, or a lexicon file: .json of words and numbers, or lines of word, tab, number';
