import type { Property, Tokenizer } from '@feedprint/core';
import { countMatches } from './count.ts';
import { defineProperty } from './define-property.ts';
import { sentencesOf } from './sentences.ts';
import { wordsOf } from './words.ts';

const length = defineProperty({
  name: 'length',
  definition: 'Words of the reply.',
  inWords: { more: 'longer replies', less: 'shorter replies' },
  measure: (reply) => wordsOf(reply).length,
});

const sentences = defineProperty({
  name: 'sentences',
  definition: 'Sentences of the reply, where a line that ends without a mark is one too.',
  measure: (reply) => sentencesOf(reply).length,
});

const sentenceLength = defineProperty({
  name: 'sentence-length',
  definition: 'Words per sentence.',
  inWords: { more: 'longer sentences', less: 'shorter sentences' },
  measure: (reply) => wordsOf(reply).length / Math.max(1, sentencesOf(reply).length),
});

const paragraphs = defineProperty({
  name: 'paragraphs',
  definition: 'Blocks of text with blank lines between them.',
  measure: (reply) => {
    const text = reply.trim();
    return text === '' ? 0 : 1 + countMatches(text, /\n[ \t\r]*\n\s*/g);
  },
});

export const lengths = [length, sentences, sentenceLength, paragraphs] as const;

/** Length as a model sees it: tokens of the reply alone, and the one that ends it. */
export const tokensProperty = (tokenizer: Tokenizer): Property =>
  defineProperty({
    name: 'tokens',
    definition: 'Tokens of the reply, the one that ends it included.',
    inWords: { more: 'longer replies', less: 'shorter replies' },
    settings: { tokenizer: tokenizer.fingerprint },
    measure: (reply) => tokenizer.encode(reply, { special: false }).length + 1,
  });
