import { countMatches, countWords } from './count.ts';
import { defineProperty } from './define-property.ts';

const firstPerson = /(?<![A-Za-z'])(?:I(?:'m|'ve)?|[Mm]y|me)(?![A-Za-z'])/g;
const secondPerson = new Set(['you', 'your', "you're", "you'll"]);
const thirdPerson = new Set(['he', 'she', 'him', 'her', 'his']);

export const persons = [
  defineProperty({
    name: 'first-person',
    definition: "Words of the first person: I, my, me, I'm, I've.",
    inWords: { more: 'more of the first person', less: 'less of the first person' },
    measure: (reply) => countMatches(reply, firstPerson),
  }),
  defineProperty({
    name: 'second-person',
    definition: "Words of the second person: you, your, you're, you'll.",
    inWords: { more: 'more of the second person', less: 'less of the second person' },
    measure: (reply) => countWords(reply, secondPerson),
  }),
  defineProperty({
    name: 'pronouns',
    definition: 'Pronouns of the third person: he, she, him, her, his.',
    measure: (reply) => countWords(reply, thirdPerson),
  }),
] as const;
