import { boldPart, headingMark, listItem } from '../properties/markup.ts';
import { phrasesChange, wordsComeOrGo } from './also-moves.ts';
import { defineEdit } from './reply-edit.ts';

export const markupEdits = [
  defineEdit({
    name: 'lists-off',
    definition: 'Leaves out the bullets and numbers of lists and keeps their lines.',
    property: 'lists',
    direction: -1,
    alsoMoves: ['digits', ...wordsComeOrGo],
    apply: (reply) => reply.replace(listItem, ''),
  }),
  defineEdit({
    name: 'lists-on',
    definition: 'Puts bullets before the lines of a reply of several.',
    property: 'lists',
    direction: 1,
    alsoMoves: [],
    apply: (reply) =>
      reply.split('\n').filter((line) => line.trim() !== '').length < 2
        ? reply
        : reply.replace(/^(?![ \t]{0,12}(?:[-*+•|#`]|\d{1,3}[.)]))(?=[^\S\n]*\S)/gm, '- '),
  }),
  defineEdit({
    name: 'headings-off',
    definition: 'Leaves out the number signs of headings.',
    property: 'headings',
    direction: -1,
    alsoMoves: [],
    apply: (reply) => reply.replace(headingMark, ''),
  }),
  defineEdit({
    name: 'bold-off',
    definition: 'Leaves out the marks of bold parts.',
    property: 'bold',
    direction: -1,
    alsoMoves: [],
    apply: (reply) => reply.replace(boldPart, '$1$2'),
  }),
  defineEdit({
    name: 'bold-on',
    definition: 'Makes the first longer word bold.',
    property: 'bold',
    direction: 1,
    alsoMoves: phrasesChange,
    apply: (reply) => reply.replace(/(?<=^|\s)(\p{L}{5,40})(?=\s|$)/u, '**$1**'),
  }),
  defineEdit({
    name: 'code-off',
    definition: 'Leaves out the marks of code.',
    property: 'code',
    direction: -1,
    alsoMoves: ['sentences', ...wordsComeOrGo],
    apply: (reply) =>
      reply.replace(/^[ \t]{0,12}```[^\n]*(?:\n|$)/gm, '').replace(/(?<!`)`([^`\n]+)`(?!`)/g, '$1'),
  }),
  defineEdit({
    name: 'links-off',
    definition: 'Leaves out what makes a link of an address, and the address of a marked link.',
    property: 'links',
    direction: -1,
    alsoMoves: ['parentheses', 'colons', ...wordsComeOrGo],
    apply: (reply) =>
      reply
        .replace(/\[([^[\]\n]*)\]\([^\s()]*\)/g, '$1')
        .replace(/https?:\/\/(?:www\.)?|(?<![/\w])www\./gi, ''),
  }),
  defineEdit({
    name: 'tables-off',
    definition: 'Leaves out the bars of tables.',
    property: 'tables',
    direction: -1,
    alsoMoves: ['sentences', ...wordsComeOrGo],
    apply: (reply) =>
      reply
        .replace(/^[ \t]{0,3}\|[ \t|:-]*-[ \t|:-]*\|[ \t]*(?:\n|$)/gm, '')
        .replace(/^[ \t]{0,3}\|([^\n]*)\|[ \t]*$/gm, (_, cells: string) =>
          cells.replaceAll('|', ' ').replace(/ {2,}/g, ' ').trim(),
        ),
  }),
  defineEdit({
    name: 'paragraphs-off',
    definition: 'Leaves out blank lines.',
    property: 'paragraphs',
    direction: -1,
    alsoMoves: [],
    apply: (reply) => {
      const text = reply.trim();
      const from = reply.indexOf(text);
      const joined = text.replace(/\n[ \t\r]*\n\s*/g, '\n');
      return reply.slice(0, from) + joined + reply.slice(from + text.length);
    },
  }),
  defineEdit({
    name: 'line-breaks-off',
    definition: 'Makes line breaks written in HTML spaces.',
    property: 'line-breaks',
    direction: -1,
    alsoMoves: ['sentences', ...wordsComeOrGo],
    apply: (reply) => reply.replace(/ ?(?:<br ?\/?>)+ ?/gi, ' '),
  }),
] as const;
