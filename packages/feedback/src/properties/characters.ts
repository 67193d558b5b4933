import { countMatches } from './count.ts';
import { defineProperty } from './define-property.ts';

const digits = defineProperty({
  name: 'digits',
  definition: 'Runs of digits.',
  measure: (reply) => countMatches(reply, /\p{Nd}+/gu),
});

const capitals = defineProperty({
  name: 'capitals',
  definition: 'Words of two or more characters written in capitals.',
  measure: (reply) => countMatches(reply, /(?<![A-Za-z'])(?='*[A-Z])[A-Z']{2,}(?![A-Za-z'])/g),
});

const emoji = defineProperty({
  name: 'emoji',
  definition: 'Emoji, each with its joined parts and skin tones as one.',
  measure: (reply) =>
    countMatches(
      reply,
      /(?![©®™])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*|\p{RI}\p{RI}/gu,
    ),
});

export const characters = [digits, capitals, emoji] as const;
