import { countPhrases } from './count.ts';
import { defineProperty } from './define-property.ts';
import { sentencesOf } from './sentences.ts';

const views = countPhrases(
  '(?:i|we) (?:really |strongly |firmly |also |still )?(?:think|believe|feel|guess|suspect|suppose|prefer|love|hate|like|dislike|agree|disagree)',
  "i(?:'m| am) (?:pretty |quite |very )?(?:sure|convinced|certain|confident)",
  'in my (?:humble )?(?:opinion|view|experience)',
  'imo',
  "(?:don't|do not|wouldn't) you (?:think|agree)",
);

const agreeing = countPhrases(
  "you(?:'re| are) (?:absolutely |completely |totally |quite |so )?(?:right|correct)",
  'i (?:completely |totally |fully |absolutely |strongly |also |would )?agree',
  "i couldn't agree more",
  "(?:that's|that is) (?:absolutely |so |very )?(?:right|true|correct|a (?:good|great|valid|fair) point)",
  '(?:good|great|valid|fair|excellent) point',
  'exactly',
  'absolutely',
  'well said',
);

export const agreements = [
  defineProperty({
    name: 'agreement',
    definition:
      'Phrases that agree, such as you are right, where the prompt states a view; 0 where it states none.',
    measure: (reply, prompt) => (views(prompt) > 0 ? agreeing(reply) : 0),
  }),
  defineProperty({
    name: 'questions-back',
    definition:
      'Questions put to the person who asked: sentences with you or your and a question mark.',
    measure: (reply) => {
      if (!reply.includes('?')) return 0;
      let count = 0;
      for (const sentence of sentencesOf(reply)) {
        if (sentence.includes('?') && /\byou(?:r|rs|rself)?\b/i.test(sentence)) count++;
      }
      return count;
    },
  }),
] as const;
