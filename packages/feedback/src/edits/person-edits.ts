import { wordsChange } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';
import { swapWords } from './swap-words.ts';

const plural: Readonly<Record<string, string>> = {
  I: 'we',
  "I'm": "we're",
  "I've": "we've",
  'I am': 'we are',
  'I was': 'we were',
  'am I': 'are we',
  'was I': 'were we',
  me: 'us',
  my: 'our',
  My: 'Our',
};
const singular = Object.fromEntries(Object.entries(plural).map(([one, many]) => [many, one]));

/** Replaces words exactly as written, but with a capital where a sentence begins. */
function swapExactly(replacements: Readonly<Record<string, string>>): (text: string) => string {
  const longestFirst = Object.keys(replacements).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![A-Za-z'])(?:${longestFirst.join('|')})(?![A-Za-z'])`, 'g');
  return (text) =>
    text.replace(pattern, (word, at: number) => {
      const replacement = replacements[word] as string;
      const opens =
        /^[A-Z]/.test(word) &&
        /(?:^|[.!?\n])[\s"'(*_]{0,4}$/.test(text.slice(Math.max(0, at - 5), at));
      return opens ? replacement.slice(0, 1).toUpperCase() + replacement.slice(1) : replacement;
    });
}

const toPlural = swapExactly(plural);
const toSingular = swapExactly({
  ...singular,
  We: 'I',
  Our: 'My',
  "We're": "I'm",
  "We've": "I've",
  'We are': 'I am',
  'We were': 'I was',
});

export const personEdits = [
  defineEdit({
    name: 'first-person-off',
    definition: 'Makes I, me and my we, us and our.',
    property: 'first-person',
    direction: -1,
    alsoMoves: ['contractions', 'opening-sorry', ...wordsChange],
    apply: toPlural,
  }),
  defineEdit({
    name: 'first-person-on',
    definition: 'Makes we, us and our I, me and my.',
    property: 'first-person',
    direction: 1,
    alsoMoves: ['contractions', 'opening-sorry', ...wordsChange],
    apply: toSingular,
  }),
  defineEdit({
    name: 'second-person-off',
    definition: 'Speaks of people and their in place of you and your.',
    property: 'second-person',
    direction: -1,
    alsoMoves: ['questions-back', ...wordsChange],
    apply: swapWords({ you: 'people', your: 'their', "you're": "they're", "you'll": "they'll" }),
  }),
  defineEdit({
    name: 'pronouns-off',
    definition: 'Speaks of someone and their in place of he, she, his and her.',
    property: 'pronouns',
    direction: -1,
    alsoMoves: wordsChange,
    apply: swapWords({ he: 'someone', she: 'someone', him: 'someone', his: 'their', her: 'their' }),
  }),
] as const;
