import { phrasesChange } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';

/** A full stop that ends a sentence, not the number of a line in a list. */
const sentenceStop = /(?<=[\p{L}\p{N}])(?<!^[ \t]{0,12}\d{1,3})\.(?=["'”’)\]*_]{0,3}(?:\s|$))/gmu;
const sentenceQuestion = /(?<![?.])\?+(?=["'”’)\]*_]{0,3}(?:\s|$))/g;

export const punctuationEdits = [
  defineEdit({
    name: 'exclamation-off',
    definition: 'Makes exclamation marks full stops.',
    property: 'exclamation',
    direction: -1,
    alsoMoves: [],
    apply: (reply) =>
      reply.replace(/!+(?![=[])/g, (marks, at: number) =>
        /[.?]/.test(reply[at - 1] ?? '') || /[.?]/.test(reply[at + marks.length] ?? '') ? '' : '.',
      ),
  }),
  defineEdit({
    name: 'exclamation-on',
    definition: 'Makes the full stops of sentences exclamation marks.',
    property: 'exclamation',
    direction: 1,
    alsoMoves: [],
    apply: (reply) => reply.replace(sentenceStop, '!'),
  }),
  defineEdit({
    name: 'question-off',
    definition: 'Makes the question marks of sentences full stops.',
    property: 'question',
    direction: -1,
    alsoMoves: ['questions-back'],
    apply: (reply) => reply.replace(sentenceQuestion, '.'),
  }),
  defineEdit({
    name: 'question-on',
    definition: 'Makes the last full stop of a sentence a question mark.',
    property: 'question',
    direction: 1,
    alsoMoves: ['questions-back'],
    apply: (reply) => {
      const last = [...reply.matchAll(sentenceStop)].at(-1)?.index;
      return last === undefined ? reply : `${reply.slice(0, last)}?${reply.slice(last + 1)}`;
    },
  }),
  defineEdit({
    name: 'parentheses-off',
    definition: 'Leaves out round brackets and keeps what stands in them.',
    property: 'parentheses',
    direction: -1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<![\p{L}\p{N}'\]])\(([^()\n]*)\)(?![\p{L}\p{N}'])/gu, '$1'),
  }),
  defineEdit({
    name: 'parentheses-on',
    definition: 'Puts the last word before a full stop into round brackets.',
    property: 'parentheses',
    direction: 1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<= )([\p{L}]{2,40})(?=\.(?:\s|$))/u, '($1)'),
  }),
  defineEdit({
    name: 'quotes-off',
    definition: 'Leaves out double quotation marks at the ends of words.',
    property: 'quotes',
    direction: -1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<![\p{L}\p{N}'])"|"(?![\p{L}\p{N}'])/gu, ''),
  }),
  defineEdit({
    name: 'quotes-on',
    definition: 'Puts the first longer word that has words on either side into quotation marks.',
    property: 'quotes',
    direction: 1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<=[\p{L}] )(\p{Ll}{5,40})(?= [\p{L}])/u, '"$1"'),
  }),
  defineEdit({
    name: 'ellipsis-off',
    definition: 'Makes ellipses full stops.',
    property: 'ellipsis',
    direction: -1,
    alsoMoves: [],
    apply: (reply) => reply.replace(/\.{3,}/g, '.'),
  }),
  defineEdit({
    name: 'ellipsis-on',
    definition: 'Makes the full stops of sentences ellipses.',
    property: 'ellipsis',
    direction: 1,
    alsoMoves: [],
    apply: (reply) => reply.replace(sentenceStop, '...'),
  }),
  defineEdit({
    name: 'commas-off',
    definition: 'Leaves out commas before spaces.',
    property: 'commas',
    direction: -1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<![.!?…]["'”’)\]*_]{0,3}),(?=\s|$)/g, ''),
  }),
  defineEdit({
    name: 'commas-on',
    definition: 'Puts commas before "and", "but" and "or".',
    property: 'commas',
    direction: 1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<=[\p{L}\p{N}])(?= (?:and|but|or) )/gu, ','),
  }),
  defineEdit({
    name: 'semicolons-off',
    definition: 'Makes semicolons commas.',
    property: 'semicolons',
    direction: -1,
    alsoMoves: ['commas'],
    apply: (reply) => reply.replaceAll(';', ','),
  }),
  defineEdit({
    name: 'dashes-off',
    definition: 'Makes dashes after words commas.',
    property: 'dashes',
    direction: -1,
    alsoMoves: ['commas', ...phrasesChange],
    apply: (reply) =>
      reply.replace(/(?<=[\p{L}\p{N}])[ \t]?(?:[—–]|(?<!-)--(?!-)|(?<=\S )-(?= \S))/gu, ','),
  }),
] as const;
