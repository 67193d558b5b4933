import { wordsComeOrGo } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';

const dropped = 'maybe perhaps somewhat probably possibly quite fairly apparently almost'.split(
  ' ',
);
const certain =
  'definitely certainly clearly obviously undoubtedly absolutely surely indeed completely entirely totally'.split(
    ' ',
  );

/** Leaves adverbs out, with the space and the comma after them; what then opens the sentence gets their capital. */
function withoutWords(words: readonly string[]): (text: string) => string {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}'-])(${words.join('|')}),? (\\p{L})`, 'giu');
  return (text) =>
    text.replace(pattern, (_, word: string, next: string) =>
      /^\p{Lu}/u.test(word) ? next.toUpperCase() : next,
    );
}

/** Puts an adverb after the first auxiliary that a word in small letters follows. */
const withWord =
  (word: string) =>
  (text: string): string =>
    text.replace(
      /(?<= )(?:is|are|was|were|has|have|will|would|can|could|should)(?= [a-z])/,
      `$& ${word}`,
    );

export const certaintyEdits = [
  defineEdit({
    name: 'hedges-off',
    definition: 'Leaves out adverbs that weaken what is said, such as perhaps.',
    property: 'hedges',
    direction: -1,
    alsoMoves: ['commas', ...wordsComeOrGo],
    apply: withoutWords(dropped),
  }),
  defineEdit({
    name: 'hedges-on',
    definition: 'Puts perhaps after the first auxiliary, as in is perhaps.',
    property: 'hedges',
    direction: 1,
    alsoMoves: wordsComeOrGo,
    apply: withWord('perhaps'),
  }),
  defineEdit({
    name: 'certainty-off',
    definition: 'Leaves out adverbs that leave no doubt, such as clearly.',
    property: 'certainty',
    direction: -1,
    alsoMoves: ['commas', 'formality', ...wordsComeOrGo],
    apply: withoutWords(certain),
  }),
  defineEdit({
    name: 'certainty-on',
    definition: 'Puts certainly after the first auxiliary, as in is certainly.',
    property: 'certainty',
    direction: 1,
    alsoMoves: wordsComeOrGo,
    apply: withWord('certainly'),
  }),
] as const;
