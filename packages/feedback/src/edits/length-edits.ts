import { sentencesOf } from '../properties/sentences.ts';
import { sentenceComes } from './also-moves.ts';
import { endsSentence } from './sentence-case.ts';
import { defineEdit } from './reply-edit.ts';

const filler = 'That is what there is to say about it.';

export const lengthEdits = [
  defineEdit({
    name: 'length-halved',
    definition: 'Keeps the first half of the sentences.',
    property: 'length',
    direction: -1,
    alsoMoves: 'all',
    apply: (reply) => {
      const sentences = sentencesOf(reply);
      if (sentences.length < 2) return reply;
      let end = 0;
      for (const sentence of sentences.slice(0, Math.ceil(sentences.length / 2))) {
        end = reply.indexOf(sentence, end) + sentence.length;
      }
      return reply.slice(0, end);
    },
  }),
  defineEdit({
    name: 'length-padded',
    definition: 'Ends the reply with a sentence that says nothing.',
    property: 'length',
    direction: 1,
    alsoMoves: sentenceComes,
    apply: (reply) => (endsSentence(reply) ? `${reply.trimEnd()} ${filler}` : reply),
  }),
] as const;
