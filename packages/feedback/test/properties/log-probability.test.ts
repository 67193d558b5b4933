import type { LanguageModel, Reply } from '@feedprint/core';
import { propertyConformance } from '@feedprint/core/testing';
import { expect, test } from '@jest/globals';
import { logProbabilityProperty } from '../../src/index.ts';
import { createFakeClassifier } from '../fake-classifier.ts';

/** A model of 8 positions that gives token i the log-probability -i; 0 is the token before every text. */
function model(): LanguageModel {
  const fake = createFakeClassifier();
  return {
    ...fake,
    run: async (rows, { tokenLogProbs }) => ({
      activations: new Map(),
      ...(tokenLogProbs && {
        tokenLogProbs: Float32Array.from(
          rows.flatMap((row) => Array.from(row, (id, position) => (position === 0 ? 0 : -id))),
        ),
      }),
    }),
  };
}

const replies = [
  { prompt: 'a b', reply: ' c a' }, // tokens 3, 1 of the reply
  { prompt: '', reply: 'b' }, // token 5
  { prompt: 'a b ', reply: 'b c' }, // white space at the end is the reply's
  { prompt: 'a b', reply: '' }, // nothing to say
  { prompt: 'a a a a a a a a a', reply: ' c' }, // longer than the context
  { prompt: 'a', reply: ' b b b b b b b b b' },
];

for (const check of propertyConformance(() => logProbabilityProperty(model()), replies)) {
  test(check.name, check.run);
}

test('is the mean over the tokens of the reply', async () => {
  const property = logProbabilityProperty(model());
  expect(property.source).toBe('model');
  expect([...(await property.measure(replies))]).toEqual([-2, -5, -2.5, NaN, -3, -2]);
});

test('is of the tokens that an encoder gives', async () => {
  const encode = ({ reply }: Reply) =>
    reply === '' ? undefined : { row: [1, 2, reply.length, 6], start: 2 };
  const property = logProbabilityProperty(model(), { encoder: { name: 'mine', encode } });
  expect(property.settings).toEqual({ model: 'fake', encoder: 'mine' });
  expect([...(await property.measure(replies.slice(2, 4)))]).toEqual([-(3 + 6) / 2, NaN]);
});
