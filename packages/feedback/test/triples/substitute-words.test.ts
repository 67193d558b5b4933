import { createRandom, FeedprintError } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SubstituteOptions, Substitution } from '../../src/index.ts';
import { loadVaderLexicon, substituteWords } from '../../src/index.ts';
import { endingOf } from '../../src/triples/word-forms.ts';

const lexicon = new Map([
  ...['good', 'great', 'fine', 'kind', 'liked', 'praised', 'thrills', 'nicer'].map(
    (word, i) => [word, 1 + i / 4] as const,
  ),
  ...['bad', 'awful', 'sad', 'dull', 'hated', 'ruined', 'horrors', 'sadder'].map(
    (word, i) => [word, -1 - i / 4] as const,
  ),
  ['meh', 0],
  ["can't stand", -2],
]);
const silent = [
  'the',
  'film',
  'plot',
  'walked',
  'turned',
  'films',
  'taller',
  'not',
  'very',
  "don't",
];

const word = fc
  .tuple(
    fc.constantFrom(...lexicon.keys(), ...silent),
    fc.constantFrom('lower', 'Capital', 'UPPER'),
  )
  .map(([text, style]) =>
    style === 'lower'
      ? text
      : style === 'UPPER'
        ? text.toUpperCase()
        : text.charAt(0).toUpperCase() + text.slice(1),
  );
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', ' ', '  ', ', ', '. ', ' "', '-', '\n', "'")), {
    maxLength: 20,
  })
  .map((parts) => parts.flat().join(''));
const scenario = fc.record({
  texts: fc
    .array(text, { maxLength: 10 })
    .map((texts) => [...texts, 'the good film was bad, the plot turned']),
  seed: fc.integer(),
  perWord: fc.integer({ min: 1, max: 4 }),
  maxTriples: fc.integer({ min: 1, max: 40 }),
});

type Given = Omit<SubstituteOptions, 'lexicon' | 'random'> & {
  readonly seed: number;
  readonly lexicon?: SubstituteOptions['lexicon'];
};
const make = ({ seed, ...options }: Given) =>
  substituteWords({ lexicon, random: createRandom(seed), ...options });

const sides = ({ positive, neutral, negative }: Substitution) => [positive, neutral, negative];

describe('substitutions', () => {
  test('put a positive, a neutral and a negative word in one place, the original among them', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        for (const triple of make(options).triples) {
          const { positive, neutral, negative, original } = triple;
          expect(lexicon.get(positive.toLowerCase())).toBeGreaterThan(0);
          expect(lexicon.get(negative.toLowerCase())).toBeLessThan(0);
          expect(lexicon.has(neutral.toLowerCase())).toBe(false);
          expect(neutral).not.toMatch(/^(not|very|don't)$/i);
          expect([positive, negative]).toContain(original);
        }
      }),
    );
  });

  test('keep case, spacing and ending class, and replace whole words alone', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        for (const triple of make(options).triples) {
          const whole = options.texts[triple.text] as string;
          const { original, offset } = triple;
          expect(whole.slice(offset, offset + original.length)).toBe(original);
          const around = [whole.slice(0, offset), whole.slice(offset + original.length)] as const;
          expect(around[0]).not.toMatch(/[a-z]$|[a-z]['-]$/i);
          expect(around[1]).not.toMatch(/^[a-z]|^['-][a-z]/i);
          expect(around[0].trim()).not.toBe('');
          for (const side of sides(triple)) {
            expect(endingOf(side.toLowerCase())).toBe(endingOf(original.toLowerCase()));
            const upper = (word: string) => word === word.toUpperCase();
            expect(upper(side)).toBe(upper(original));
            expect(upper(side.charAt(0))).toBe(upper(original.charAt(0)));
          }
        }
      }),
    );
  });

  test('come from distinct places, in order, within both limits, and name every place that was dropped', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        const { triples } = make(options);
        const places = triples.map(({ text, offset }) => text * 10_000 + offset);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(triples.length).toBeLessThanOrEqual(options.maxTriples);
        const perWord = new Map<string, number>();
        for (const { original } of triples) {
          perWord.set(original.toLowerCase(), (perWord.get(original.toLowerCase()) ?? 0) + 1);
        }
        for (const n of perWord.values()) expect(n).toBeLessThanOrEqual(options.perWord);
      }),
    );
  });

  test('are the same for the same seed and differ between seeds', () => {
    const texts = Array.from(
      { length: 40 },
      (_, i) => `the ${[...lexicon.keys()][i % 16]} film plot`,
    );
    const options = { texts, perWord: 1, maxTriples: 8 };
    expect(make({ ...options, seed: 1 })).toEqual(make({ ...options, seed: 1 }));
    expect(make({ ...options, seed: 1 })).not.toEqual(make({ ...options, seed: 2 }));
  });

  test('count what they drop, by reason', () => {
    const texts = [
      'good film',
      'a gOOd film was bad',
      'the thrills',
      'he liked it and walked',
      "a film; good-natured, goodness, good's, agood",
    ];
    const { triples, dropped } = make({ texts, seed: 0, perWord: 9, maxTriples: 99 });
    expect(dropped).toEqual({ 'no-context': 1, 'mixed-case': 1, 'no-counterpart': 1 });
    // For "liked" there is no opposite in the texts: it comes from the lexicon.
    expect(triples.map(({ original }) => original)).toEqual(['bad', 'liked']);
    expect(['hated', 'ruined']).toContain(triples[1]?.negative);
    expect(triples[1]?.neutral).toBe('walked');
  });

  test('replace a word by one of like strength and frequency', () => {
    const many = (words: string, n: number) => Array.from({ length: n }, () => `so ${words}`);
    const scores = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4];
    const graded = new Map([
      ...scores.map((score, i) => [`up${'abcdefgh'[i]}`, score] as const),
      ...scores.map((score, i) => [`down${'abcdefgh'[i]}`, -score] as const),
    ]);
    const texts = [
      ...many('uph downh rare fog mud clay', 1),
      `so upa ${[...graded.keys()].join(' ')} thing`,
      ...many('often often', 60),
    ];
    for (let seed = 0; seed < 10; seed++) {
      const { triples } = make({ texts, lexicon: graded, seed, perWord: 9, maxTriples: 99 });
      for (const { original, negative, neutral } of triples) {
        expect(neutral === 'often').toBe(false);
        if (original === 'upa') expect(['downg', 'downh']).not.toContain(negative);
        if (original === 'uph') expect(['downa', 'downb']).not.toContain(negative);
      }
    }
  });

  test('of the VADER lexicon read as English', () => {
    const texts = [
      'I really LOVED this movie, it is the funniest and happiest thing; others hated it.',
      'A horrible plot walked slowly into boring scenes that turned everything ugly.',
    ];
    const { triples } = make({
      texts,
      lexicon: loadVaderLexicon(),
      seed: 3,
      perWord: 9,
      maxTriples: 99,
    });
    const loved = triples.find(({ original }) => original === 'LOVED');
    expect(loved).toMatchObject({
      offset: 9,
      positive: 'LOVED',
      neutral: expect.stringMatching(/ED$/),
      negative: 'HATED',
    });
  });
});

const valid: Given = { texts: ['the good film was bad'], seed: 1, perWord: 1, maxTriples: 1 };
test.each<[string, string, Partial<Given>]>([
  ['texts without scored words', 'feedback-empty', { texts: ['the film was meh'] }],
  ['texts with nothing before the word', 'feedback-empty', { texts: ['good', ' bad film'] }],
  ['texts without neutral words', 'feedback-empty', { texts: ['so good', 'not very bad'] }],
  ['no texts', 'feedback-empty', { texts: [] }],
  ['a lexicon of one sign', 'feedback-empty', { lexicon: new Map([['good', 1]]) }],
  ['perWord 0', 'config-invalid', { perWord: 0 }],
  ['maxTriples 1.5', 'config-invalid', { maxTriples: 1.5 }],
])('substitutions refuse %s', (_name, code, changes) => {
  let thrown: unknown;
  try {
    make({ ...valid, ...changes });
  } catch (error) {
    thrown = error;
  }
  expect(FeedprintError.is(thrown) && thrown.code).toBe(code);
});
