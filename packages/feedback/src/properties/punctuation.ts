import { countMatches, countText } from './count.ts';
import { defineProperty } from './define-property.ts';

const mark = (name: string, part: string, definition: string) =>
  defineProperty({ name, definition, measure: (reply) => countText(reply, part) });

export const punctuation = [
  mark('exclamation', '!', 'Exclamation marks.'),
  mark('question', '?', 'Question marks.'),
  mark('parentheses', '(', 'Opening round brackets.'),
  mark('quotes', '"', 'Straight double quotation marks.'),
  mark('ellipsis', '...', 'Ellipses of three full stops.'),
  mark('commas', ',', 'Commas.'),
  mark('colons', ':', 'Colons.'),
  mark('semicolons', ';', 'Semicolons.'),
  defineProperty({
    name: 'dashes',
    definition: 'Dashes: long ones, two hyphens, or a hyphen between spaces.',
    measure: (reply) => countMatches(reply, /[—–]|(?<!-)--(?!-)|(?<=\S )-(?= \S)/g),
  }),
] as const;
