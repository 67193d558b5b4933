import { wordsComeOrGo } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';
import { reversed, swapWords } from './swap-words.ts';

const negations = 'is are was were do does did has have had would could should must need'.split(
  ' ',
);
const subjects = 'you we they'.split(' ');
const persons = 'it that he she there what who here where'.split(' ');

/** Contractions that can only be read in one way, in full. */
const inFull: Readonly<Record<string, string>> = {
  ...Object.fromEntries(negations.map((verb) => [`${verb}n't`, `${verb} not`])),
  "can't": 'cannot',
  "won't": 'will not',
  ...Object.fromEntries(persons.map((subject) => [`${subject}'s`, `${subject} is`])),
  ...Object.fromEntries(
    subjects.flatMap((subject) => [
      [`${subject}'re`, `${subject} are`],
      [`${subject}'ve`, `${subject} have`],
      [`${subject}'ll`, `${subject} will`],
    ]),
  ),
  "it'll": 'it will',
};

export const contractionEdits = [
  defineEdit({
    name: 'contractions-off',
    definition: "Writes contractions in full: do not for don't.",
    property: 'contractions',
    direction: -1,
    alsoMoves: ['second-person', 'pronouns', ...wordsComeOrGo],
    apply: swapWords(inFull),
  }),
  defineEdit({
    name: 'contractions-on',
    definition: "Contracts what can be: don't for do not.",
    property: 'contractions',
    direction: 1,
    alsoMoves: ['second-person', 'pronouns', ...wordsComeOrGo],
    apply: swapWords(reversed(inFull)),
  }),
] as const;
