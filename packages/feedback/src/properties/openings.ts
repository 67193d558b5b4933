import { defineProperty } from './define-property.ts';

/** The first words of a reply, where marks before them do not count. */
const begins = (...words: readonly string[]): RegExp =>
  new RegExp(
    `^[^\\p{L}\\p{N}]*(?:${words.join('|').replaceAll("'", "['’]?")})(?![\\p{L}\\p{N}_])`,
    'iu',
  );

const sure = begins('sure', 'of course', 'no problem', 'happy to', "i'd be (?:happy|glad) to");
const certainly = begins('certainly', 'absolutely', 'definitely', 'indeed', 'yes');
const sorry = begins(
  "i'm (?:very |so |really )?sorry",
  'i am sorry',
  'sorry',
  'i apologi[sz]e',
  'my apologies',
  'apologies',
  'unfortunately',
);
const here = begins("here's", 'here (?:is|are)', '(?:the following|below) (?:is|are)');

/** Whether a reply opens with a phrase that one of these properties looks for. */
export const hasOpening = (reply: string): boolean =>
  [sure, certainly, sorry, here].some((pattern) => pattern.test(reply));

const opening = (name: string, pattern: RegExp, phrases: string) =>
  defineProperty({
    name,
    definition: `Whether the reply opens with ${phrases}, or the like.`,
    measure: (reply) => Number(pattern.test(reply)),
  });

export const openings = [
  opening('opening-sure', sure, 'Sure, Of course, Happy to'),
  opening('opening-certainly', certainly, 'Certainly, Absolutely, Yes'),
  opening('opening-sorry', sorry, "I'm sorry, Apologies, Unfortunately"),
  opening('opening-here', here, 'Here is, Here are'),
] as const;
