import { countMatches, countText } from './count.ts';
import { defineProperty } from './define-property.ts';

const markup = (name: string, pattern: RegExp, definition: string) =>
  defineProperty({ name, definition, measure: (reply) => countMatches(reply, pattern) });

/** A line of a list, bulleted or numbered. */
export const listItem = /^[ \t]{0,12}(?:[-*+•]|\d{1,3}[.)])[ \t]+(?=\S)/gm;
/** The beginning of a heading's line. */
export const headingMark = /^ {0,3}#{1,6}[ \t]+(?=\S)/gm;
/** A part of a line between double asterisks or underscores. */
export const boldPart = /\*\*(?=\S)([^*\n]+)(?<=\S)\*\*|__(?=\S)([^_\n]+)(?<=\S)__/g;

export const markups = [
  markup('lists', listItem, 'Lines of lists, bulleted or numbered.'),
  markup('headings', headingMark, 'Headings marked by number signs.'),
  markup('bold', boldPart, 'Parts marked as bold.'),
  defineProperty({
    name: 'code',
    definition: 'Blocks and parts of lines marked as code.',
    measure: (reply) =>
      Math.ceil(countMatches(reply, /^[ \t]{0,12}```/gm) / 2) +
      countMatches(reply, /(?<!`)`[^`\n]+`(?!`)/g),
  }),
  markup(
    'links',
    /https?:\/\/|(?<![/\w])www\.|\]\((?!https?:|www\.)[^\s()]/gi,
    'Web addresses and links.',
  ),
  markup('tables', /^[ \t]{0,3}\|[^\n]*\|[ \t]*$/gm, 'Rows of tables drawn with vertical bars.'),
  defineProperty({
    name: 'line-breaks',
    definition: 'Line breaks written in HTML.',
    measure: (reply) => countText(reply, '<br'),
  }),
] as const;
