import { apologies, disclaimers, flattery, offers, refusals } from '../properties/courtesies.ts';
import { hasOpening } from '../properties/openings.ts';
import { sentencesOf } from '../properties/sentences.ts';
import { sentenceComes } from './also-moves.ts';
import { beginsSentence, endsSentence } from './sentence-case.ts';
import { defineEdit } from './reply-edit.ts';

/** Leaves out the sentences that have a property, with the spaces after them, unless all have it. */
const withoutSentences =
  (count: (text: string) => number) =>
  (reply: string): string => {
    const sentences = sentencesOf(reply);
    let kept = '';
    let end = 0;
    let some = false;
    for (const sentence of sentences) {
      const start = reply.indexOf(sentence, end);
      const isKept = count(sentence) === 0;
      kept += reply.slice(end, isKept ? start + sentence.length : start);
      end = start + sentence.length;
      some ||= isKept;
      if (!isKept) while (reply[end] === ' ') end++;
    }
    return some ? kept + reply.slice(end) : reply;
  };

const dropping = (property: string, count: (text: string) => number) =>
  defineEdit({
    name: `${property}-off`,
    definition: 'Leaves out the sentences that have the property.',
    property,
    direction: -1,
    alsoMoves: 'all',
    apply: withoutSentences(count),
  });

export const courtesyEdits = [
  dropping('refusals', refusals),
  dropping('apologies', apologies),
  dropping('disclaimers', disclaimers),
  dropping('offers', offers),
  dropping('flattery', flattery),
  defineEdit({
    name: 'offers-on',
    definition: 'Ends the reply with an offer of more help.',
    property: 'offers',
    direction: 1,
    alsoMoves: sentenceComes,
    apply: (reply) =>
      endsSentence(reply) ? `${reply.trimEnd()} Feel free to ask for more.` : reply,
  }),
  defineEdit({
    name: 'flattery-on',
    definition: 'Opens the reply with praise of the question.',
    property: 'flattery',
    direction: 1,
    alsoMoves: sentenceComes,
    apply: (reply) =>
      beginsSentence(reply) && !hasOpening(reply)
        ? reply.replace(/^\s*/, '$&Great question. ')
        : reply,
  }),
] as const;
