import { countMatches, countPhrases, countWords } from './count.ts';
import { defineProperty } from './define-property.ts';
import { englishWords } from './words.ts';

const contractions = defineProperty({
  name: 'contractions',
  definition: "Contractions and possessives after a small letter, such as don't, it's, we'll.",
  measure: (reply) => countMatches(reply, /[a-z]'(?:t|s|re|ve|ll|d|m)(?![\p{L}\p{N}_])/gu),
});

const wordLength = defineProperty({
  name: 'word-length',
  definition: 'Letters per word, and 0 without words.',
  inWords: { more: 'longer words', less: 'shorter words' },
  measure: (reply) => {
    const words = englishWords(reply);
    let letters = 0;
    for (const word of words) letters += word.length;
    return letters / Math.max(1, words.length);
  },
});

const formal = new Set(
  'moreover furthermore therefore thus hence consequently nevertheless nonetheless whereas thereby regarding concerning accordingly notwithstanding whilst albeit thereof herein upon shall'.split(
    ' ',
  ),
);
const informal = new Set(
  "yeah yep nope ok okay gonna wanna gotta kinda sorta cool awesome stuff guys hey hi lol wow oh dude kids cuz 'cause ain't y'all super totally pretty huge".split(
    ' ',
  ),
);

const formality = defineProperty({
  name: 'formality',
  definition: 'Formal words such as moreover or thus, less informal ones such as yeah or gonna.',
  inWords: { more: 'more formal words', less: 'less formal words' },
  measure: (reply) => countWords(reply, formal) - countWords(reply, informal),
});

const examples = countPhrases('for (?:example|instance)', 'such as', 'e\\.g\\.');
const signposts = countPhrases(
  'first(?:ly)?',
  'second(?:ly)?',
  'third(?:ly)?',
  'finally',
  'next',
  'in (?:conclusion|summary|short)',
  'to (?:summarize|summarise|sum up|conclude)',
  'overall',
  'in addition',
  'additionally',
);

export const styles = [
  contractions,
  wordLength,
  formality,
  defineProperty({
    name: 'examples',
    definition: 'Announcements of an example, such as for instance.',
    measure: (reply) => examples(reply),
  }),
  defineProperty({
    name: 'signposts',
    definition: 'Words that order what is said, such as firstly, in addition, in conclusion.',
    measure: (reply) => signposts(reply),
  }),
] as const;
