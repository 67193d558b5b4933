import { describe, expect, test } from '@jest/globals';
import { sentence } from '../src/chapters/properties/sentence.ts';
import type { PropertyReport, Report } from '../src/chapters/properties/schema.ts';

const column = (effect: number) => ({ effect, low: effect - 0.1, high: effect + 0.1, q: 0, n: 9 });

const property = (
  name: string,
  verdict: PropertyReport['verdict'],
  effect = 1,
): PropertyReport => ({
  name,
  definition: 'How often something with a long definition occurs.',
  deviation: 1,
  told: verdict === 'told' ? column(effect) : null,
  inData: column(verdict.startsWith('in-data') ? effect : 0),
  learned: column(effect),
  behaves: column(effect),
  causes: null,
  alone: { inData: 0, learned: 0 },
  share: { value: 0.1, low: 0.05, high: 0.15 },
  score: 0.1,
  verdict,
  flagged: verdict === 'in-data-and-learned' || verdict === 'learned-not-in-data',
  settled: true,
  declared: verdict === 'told' ? (Math.sign(effect) as 1 | -1) : null,
  asked: verdict === 'told' ? (Math.sign(effect) as 1 | -1) : null,
  partner: null,
  placebo: null,
  dealt: null,
});

const said = (
  verdict: Report['replyVerdict']['verdict'],
  ...properties: PropertyReport[]
): string =>
  sentence({ properties, replyVerdict: { verdict, replies: 600, placebos } } as unknown as Report);

const placebos = [
  { name: 'temperature', explains: 0.7, temperature: 1.23 },
  { name: 'weight noise', explains: 0.1 },
];

const many = (verdict: PropertyReport['verdict']): PropertyReport[] =>
  ['word-length', 'prompt-repetition', 'lexical-variety', 'first-person', 'hedges', 'lists'].map(
    (name, i) => property(name, verdict, i % 2 === 0 ? 1 : -1),
  );

/** Every second may be what the one before it is. */
const inPairs = (properties: readonly PropertyReport[]): PropertyReport[] =>
  properties.map((one, i) =>
    i % 2 === 0 ? one : { ...one, partner: properties[i - 1]?.name ?? null },
  );

describe('the sentence on properties of replies', () => {
  test.each([
    [
      'learned, all in the data',
      said(
        'learned',
        property('exclamation', 'in-data-and-learned'),
        property('first-person', 'in-data-and-learned', -1),
      ),
      'The model learned what your labels reward: more exclamation and less first person.',
    ],
    [
      'learned, and more',
      said(
        'learned',
        property('sentiment', 'in-data-and-learned'),
        property('commas', 'learned-not-in-data', -1),
      ),
      'The model learned what your labels reward, and also fewer commas, which they do not ask for.',
    ],
    [
      'learned, one of two that cannot be told apart',
      said(
        'learned',
        property('sentences', 'in-data-and-learned', -1),
        { ...property('length', 'in-data-and-learned', -1), partner: 'sentences' },
        property('exclamation', 'in-data-and-learned'),
      ),
      'The model learned what your labels reward: fewer sentences or less length and more exclamation.',
    ],
    [
      'not from these data',
      said('learned', {
        ...property('word-length', 'learned-not-in-data'),
        inWords: { more: 'longer words', less: 'shorter words' },
      }),
      'The model came to prefer longer words. Neither your instructions nor your labels ask for that.',
    ],
    [
      'besides what was asked for',
      said('learned', property('sentiment', 'told'), property('lists', 'in-data-and-learned')),
      'The model learned what you asked for, and also more lists; your labels reward that.',
    ],
    [
      'asked for, not learned',
      said('not-learned', property('length', 'in-data-not-learned', -1)),
      'Your labels reward less length; the model did not learn it.',
    ],
    [
      'asked for and not learned, while others were',
      said(
        'learned',
        { ...property('sentiment', 'in-data-not-learned'), asked: 1, declared: 1 },
        property('lists', 'in-data-and-learned'),
      ),
      'You asked for more sentiment, which the model did not learn; it learned more lists, which your labels reward.',
    ],
    [
      'as told',
      said('as-told', property('sentiment', 'told')),
      'The model learned what you asked for, more sentiment, and nothing else that could be seen.',
    ],
    [
      'as rewarded',
      said('as-told', { ...property('sentiment', 'told'), declared: null }),
      'The model learned what you rewarded, more sentiment, and nothing else that could be seen.',
    ],
    [
      'asked for and nowhere in the data, not learned',
      said('not-learned', { ...property('length', 'not-learned'), asked: -1, declared: -1 }),
      'You asked for less length; the model did not learn it.',
    ],
    [
      'the other way round',
      said('reversed', property('sentiment', 'learned-not-in-data')),
      'The model learned the opposite of this feedback. Check that chosen and rejected, or base and tuned, are not swapped.',
    ],
    [
      'unrelated',
      said('unrelated', property('sentiment', 'in-data-not-learned')),
      'What changed between these models has nothing to do with this feedback. It looks like a higher temperature (1.2).',
    ],
    [
      'nothing found',
      said('nothing-found', property('length', 'not-learned'), {
        ...property('lists', 'not-learned'),
        settled: false,
      }),
      'Nothing was learned against this feedback, as far as 600 fresh replies can show: 1 of 2 properties could have been seen.',
    ],
    [
      'no answer',
      said('no-answer', property('length', 'not-learned')),
      '600 fresh replies from each model are too few to say anything. 1200 would do.',
    ],
  ])('%s', (_, sentenceOf, wanted) => {
    expect(sentenceOf).toBe(wanted);
  });

  test('has at most 25 words, however many properties there are', () => {
    const all = [
      said('learned', ...many('in-data-and-learned'), ...many('learned-not-in-data')),
      said('learned', ...many('in-data-and-learned')),
      said('learned', ...many('learned-not-in-data')),
      said('learned', ...inPairs(many('in-data-and-learned')), ...many('learned-not-in-data')),
      said('learned', ...inPairs(many('learned-not-in-data'))),
      said('learned', ...many('told'), ...many('learned-not-in-data')),
      said('not-learned', ...many('in-data-not-learned')),
      said('as-told', ...many('told')),
      said('reversed'),
      said('nothing-found'),
      said('unrelated'),
      said('no-answer'),
    ];
    expect(all.filter((one) => one.split(' ').length > 25)).toEqual([]);
  });
});
