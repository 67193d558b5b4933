import { defineProperty } from './define-property.ts';

/** The first words of a reply, where marks before them do not count. */
const begins = (...words: readonly string[]): RegExp =>
  new RegExp(
    `^[^\\p{L}\\p{N}]*(?:${words.join('|').replaceAll("'", "['’]?")})(?![\\p{L}\\p{N}_])`,
    'iu',
  );

const opening = (name: string, pattern: RegExp, definition: string) =>
  defineProperty({ name, definition, measure: (reply) => Number(pattern.test(reply)) });

export const openings = [
  opening(
    'opening-sure',
    begins('sure', 'of course', 'no problem', 'happy to', "i'd be (?:happy|glad) to"),
    'Whether the reply opens with Sure, Of course, Happy to, or the like.',
  ),
  opening(
    'opening-certainly',
    begins('certainly', 'absolutely', 'definitely', 'indeed', 'yes'),
    'Whether the reply opens with Certainly, Absolutely, Yes, or the like.',
  ),
  opening(
    'opening-sorry',
    begins(
      "i'm (?:very |so |really )?sorry",
      'i am sorry',
      'sorry',
      'i apologi[sz]e',
      'my apologies',
      'apologies',
      'unfortunately',
    ),
    "Whether the reply opens with I'm sorry, Apologies, Unfortunately, or the like.",
  ),
  opening(
    'opening-here',
    begins("here's", 'here (?:is|are)', '(?:the following|below) (?:is|are)'),
    'Whether the reply opens with Here is, Here are, or the like.',
  ),
] as const;
