import { createRandom } from '@feedprint/core';
import type { ActivationExample, FeatureEvidence } from '@feedprint/core';
import { labelerConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOfflineLabeler, formatFiringSentence, parseFiringSentence } from '../src/index.ts';

const valences = new Map([
  [' boring', -1.3],
  [' dull', -1.7],
  [' worst', -3.1],
  [' lovely', 2.8],
]);
const signal = {
  score: async (tokens: readonly string[]) => tokens.map((token) => valences.get(token)),
};

describe('offline labeler', () => {
  for (const { name, run } of labelerConformance(() => createOfflineLabeler({ signal }))) {
    test(name, run);
  }
});

describe('offline labeler without a signal', () => {
  for (const { name, run } of labelerConformance(() => createOfflineLabeler())) test(name, run);
});

const window = (activations: Record<string, number>): ActivationExample => ({
  tokens: Object.keys(activations),
  activations: Object.values(activations),
});

const evidence = (top: ActivationExample[]): FeatureEvidence => ({
  id: 'f',
  top,
  heldOutActive: [window({ ' a': 0, ' dull': 1 }), window({ ' b': 1 })],
  heldOutSilent: [window({ ' c': 0 }), window({ ' d': 0 }), window({ ' dull': 0 })],
  maxActivation: 9,
});

const labeler = createOfflineLabeler({ signal });

test('names the tokens by their share of the activation mass, with the polarity', async () => {
  const top = [
    window({ ' boring': 6, ' the': 0.1 }),
    window({ ' dull': 2.9 }),
    window({ ' worst': 1 }),
  ];
  expect(await labeler.explain(evidence(top))).toBe(
    'fires on " boring" 60%, " dull" 29%, " worst" 10%; 99% on feedback words (negative words)',
  );
  expect(await createOfflineLabeler().explain(evidence(top))).toBe(
    'fires on " boring" 60%, " dull" 29%, " worst" 10%',
  );
});

test('tells no polarity where the signs are mixed or most mass has none', async () => {
  expect(await labeler.explain(evidence([window({ ' dull': 5, ' lovely': 5 })]))).toBe(
    'fires on " dull" 50%, " lovely" 50%; 100% on feedback words',
  );
  expect(await labeler.explain(evidence([window({ ' dull': 4, ' the': 6 })]))).toBe(
    'fires on " the" 60%, " dull" 40%; 40% on feedback words',
  );
});

test('names the largest token even where all shares are small', async () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [` t${i}`, 1]));
  expect(await labeler.explain(evidence([window({ ...many, ' big': 1.5 })]))).toBe(
    'fires on " big" 3%',
  );
});

test('classifies by the share of mass on valenced tokens', async () => {
  const ask = (explanation: string) => labeler.classify(explanation, 'Is it about sentiment?');
  const yes = await ask(
    'fires on " boring" 60%, " dull" 20%, " the" 10%; 85% on feedback words (negative words)',
  );
  expect(yes).toEqual({ related: true, confidence: expect.closeTo(0.85) });
  const barely = await ask('fires on " the" 50%, " dull" 8%; 34% on feedback words');
  expect(barely).toEqual({ related: true, confidence: expect.closeTo(0.34) });
  expect((await ask('fires on " the" 50%, " dull" 8%; 33% on feedback words'))?.related).toBe(
    false,
  );
  const no = await ask('fires on " boring" 10%, " the" 60%');
  expect(no).toEqual({ related: false, confidence: expect.closeTo(0.9) });
  expect(await ask('words such as " dull" and " lovely"')).toEqual({
    related: true,
    confidence: 1,
  });
  expect(await ask('nothing quoted')).toBeUndefined();
  expect(
    await createOfflineLabeler().classify('fires on " dull" 90%', 'Is it about sentiment?'),
  ).toBeUndefined();
});

test('predicts activity where a quoted token stands', async () => {
  const score = await labeler.score('fires on " dull" 90%', evidence([]));
  expect(score).toEqual({ balancedAccuracy: (1 / 2 + 2 / 3) / 2, n: 5 });
  expect(await labeler.score('nothing quoted', evidence([]))).toBeUndefined();
});

test('reads back every sentence that it writes, whatever the tokens hold', () => {
  const token = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ token, percent: fc.integer({ min: 0, max: 100 }) }), {
        selector: (item) => item.token,
        minLength: 1,
        maxLength: 5,
      }),
      fc.constantFrom('positive' as const, 'negative' as const, undefined),
      (items, polarity) => {
        const tokens = items.map((item) => ({ token: item.token, share: item.percent / 100 }));
        const sentence = polarity ? { tokens, polarity } : { tokens };
        expect(parseFiringSentence(formatFiringSentence(sentence))).toEqual(sentence);
      },
    ),
  );
});

test('reads quotes that are not JSON as they stand', () => {
  expect(parseFiringSentence('the word "\\q" and ""').tokens).toEqual([{ token: '\\q', share: 1 }]);
});

describe('what surrounds a feature', () => {
  const window = (tokens: string[], at: number): ActivationExample => ({
    tokens,
    activations: tokens.map((_, i) => (i === at ? 2 : 0)),
  });
  const shown = (
    top: ActivationExample[],
    contrast: ActivationExample[] = [],
  ): FeatureEvidence => ({
    ...{ id: 'f', top, contrast, heldOutActive: [], heldOutSilent: [], maxActivation: 2 },
  });
  const words = [' great', ' superb', ' fine', ' great'];
  const plain = createOfflineLabeler();

  test('is said and read past: the token before, and the first tokens', async () => {
    const after = words.map((word) => window([' this', ' is', ' such', ' a', word, ' film'], 4));
    const explanation = (await plain.explain(shown(after))) ?? '';
    expect(explanation).toBe(
      'fires on " great" 50%, " fine" 25%, " superb" 25%; mostly after " a" 100%',
    );
    expect(parseFiringSentence(explanation).tokens.map(({ token }) => token)).not.toContain(' a');
    const first = words.map((word, i) => window([word, ` x${i}`, ` y${i}`, ' z'], 0));
    expect(await plain.explain(shown(first))).toMatch(/; among the first 3 tokens 100%$/);
  });

  test('is not said where it is nothing special, or where there are few windows', async () => {
    // Every other token comes after " a" as well.
    const common = words.map((word) => window([' a', ' b', ' a', ' c', ' a', word], 5));
    expect(await plain.explain(shown(common))).not.toMatch(/mostly after/);
    const few = words.slice(0, 3).map((word) => window([' so', ' very', ' much', ' a', word], 4));
    expect(await plain.explain(shown(few))).not.toMatch(/mostly|among/);
  });

  const marks = {
    name: 'exclamation',
    measure: async (replies: readonly { readonly reply: string }[]) =>
      Float64Array.from(replies, ({ reply }) => reply.split('!').length - 1),
  };
  const texts = (count: number, mark: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => window([' so', ' it', ' is', ` w${i}`, mark(i)], 3));

  test('goes with the property that was rewarded, or does not, and is classified by it', async () => {
    const labeler = createOfflineLabeler({ property: marks });
    const told = shown(
      texts(8, () => '!'),
      texts(4, () => '.'),
    );
    const explanation = (await labeler.explain(told)) ?? '';
    expect(explanation).toMatch(/; texts with more exclamation \(AUROC 1\.00\)$/);
    expect(await labeler.classify(explanation, 'q')).toEqual({ related: true, confidence: 1 });
    const other = await labeler.classify(
      'fires on " x" 9%; texts with less length (AUROC 0.02)',
      'q',
    );
    expect(other).toBeUndefined();
    const unlike = { related: false, confidence: 0.5 };
    const same = shown(
      texts(8, () => '.'),
      texts(4, () => '.'),
    );
    expect(await labeler.classify((await labeler.explain(same)) ?? '', 'q')).toEqual(unlike);
  });

  test('is called related by chance for about 3 features in 100', async () => {
    const labeler = createOfflineLabeler({ property: marks });
    const random = createRandom(12);
    let related = 0;
    for (let f = 0; f < 2000; f++) {
      const any = (): string => '!'.repeat(random.integer(1000));
      const found = await labeler.classify(
        (await labeler.explain(shown(texts(8, any), texts(4, any)))) ?? '',
        'q',
      );
      if (found?.related) related++;
    }
    // 2 * 7 of the 495 orders of 8 and 4 have a U of at most 3 of 32 on one side: 2.8 %.
    expect(Math.abs(related / 2000 - 14 / 495)).toBeLessThan(3 * Math.sqrt(0.028 / 2000));
  });
});
