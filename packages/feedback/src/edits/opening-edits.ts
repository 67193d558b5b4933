import { hasOpening } from '../properties/openings.ts';
import { sentenceComes } from './also-moves.ts';
import { beginsSentence, capitalised, uncapitalised } from './sentence-case.ts';
import { defineEdit } from './reply-edit.ts';

/** Puts a phrase before a reply that opens with none and does not begin in the middle of a sentence. */
const before =
  (phrase: string) =>
  (reply: string): string => {
    if (!beginsSentence(reply) || hasOpening(reply)) return reply;
    const text = reply.trimStart();
    return reply.slice(0, reply.length - text.length) + phrase + uncapitalised(text);
  };

/** Leaves out a phrase that opens the reply, with the marks after it. */
const without = (phrases: string) => {
  const pattern = new RegExp(
    `^(\\s*["*_]{0,3})(?:${phrases})(?:[,.!:;—-]|\\*\\*)*\\s+(?=\\S)`,
    'iu',
  );
  return (reply: string): string => {
    const found = pattern.exec(reply);
    if (!found) return reply;
    return (found[1] ?? '') + capitalised(reply.slice(found[0].length));
  };
};

const pair = (property: string, phrase: string, off: string, alsoMoves: readonly string[]) => [
  defineEdit({
    name: `${property}-on`,
    definition: `Opens the reply with ${phrase.trim().replace(/[.,:]$/, '')}.`,
    property,
    direction: 1,
    alsoMoves,
    apply: before(phrase),
  }),
  defineEdit({
    name: `${property}-off`,
    definition: 'Leaves out the phrase that opens the reply.',
    property,
    direction: -1,
    alsoMoves,
    apply: without(off),
  }),
];

export const openingEdits = [
  ...pair('opening-sure', 'Sure, ', 'sure(?: thing)?|of course|no problem', [
    'commas',
    ...sentenceComes,
  ]),
  ...pair('opening-certainly', 'Certainly, ', 'certainly|absolutely|definitely|indeed|yes', [
    'commas',
    'certainty',
    ...sentenceComes,
  ]),
  ...pair(
    'opening-sorry',
    "I'm sorry, but ",
    "i(?:['’]m| am) (?:very |so |really )?sorry(?:, but)?|sorry|my apologies|apologies|unfortunately",
    ['commas', 'first-person', ...sentenceComes],
  ),
] as const;
