import { wordsComeOrGo } from './also-moves.ts';
import { endsSentence } from './sentence-case.ts';
import { defineEdit } from './reply-edit.ts';
import { spellNumber } from './spell-number.ts';
import { swapWords } from './swap-words.ts';

const numbers = Object.fromEntries(
  Array.from({ length: 19 }, (_, i) => [spellNumber(i + 2), `${i + 2}`]),
);
const inDigits = swapWords(numbers);

export const characterEdits = [
  defineEdit({
    name: 'digits-off',
    definition: 'Spells whole numbers of up to three digits.',
    property: 'digits',
    direction: -1,
    alsoMoves: ['sentences', ...wordsComeOrGo],
    apply: (reply) =>
      reply.replace(
        /(?<![\p{L}\p{N}.,:/-]|^[ \t]{0,12})\d{1,3}(?![\p{L}\p{N}/:%'’-]|[.,]\d)/gmu,
        (run) => spellNumber(Number(run)),
      ),
  }),
  defineEdit({
    name: 'digits-on',
    definition: 'Writes the numbers from two to twenty in digits.',
    property: 'digits',
    direction: 1,
    alsoMoves: ['sentences', ...wordsComeOrGo],
    apply: inDigits,
  }),
  defineEdit({
    name: 'capitals-off',
    definition: 'Writes words in capitals of four or more letters small.',
    property: 'capitals',
    direction: -1,
    alsoMoves: [],
    apply: (reply) =>
      reply.replace(/(?<![A-Za-z'])[A-Z]{4,}(?![A-Za-z'])/g, (word, at: number) =>
        /(?:^|[.!?\n]\s*)["'(*_]{0,3}$/.test(reply.slice(Math.max(0, at - 8), at))
          ? word.slice(0, 1) + word.slice(1).toLowerCase()
          : word.toLowerCase(),
      ),
  }),
  defineEdit({
    name: 'capitals-on',
    definition: 'Writes the first longer word in capitals.',
    property: 'capitals',
    direction: 1,
    alsoMoves: [],
    apply: (reply) =>
      reply.replace(/(?<=[a-z,] )[a-z]{5,40}(?= [a-z])/, (word) => word.toUpperCase()),
  }),
  defineEdit({
    name: 'emoji-off',
    definition: 'Leaves out emoji.',
    property: 'emoji',
    direction: -1,
    alsoMoves: [],
    apply: (reply) =>
      reply.replace(
        / ?(?:(?![©®™])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*|\p{RI}\p{RI})/gu,
        '',
      ),
  }),
  defineEdit({
    name: 'emoji-on',
    definition: 'Ends the reply with a smiling face.',
    property: 'emoji',
    direction: 1,
    alsoMoves: [],
    apply: (reply) => (endsSentence(reply) ? `${reply.trimEnd()} 🙂` : reply),
  }),
] as const;
