import { createRandom, FeedprintError } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContrastiveTriplesOptions } from '../src/index.ts';
import { contrastiveTriples } from '../src/index.ts';

/** Tokens 0..9 are positive, 10..19 negative, 20 is scored 0, 30..39 neutral, 40..59 filler. */
const words = [
  ...Array.from({ length: 10 }, (_, i) => ({ id: i, stated: 0.3 + i * 0.4 })),
  ...Array.from({ length: 10 }, (_, i) => ({ id: 10 + i, stated: -0.3 - i * 0.4 })),
  { id: 20, stated: 0 },
];
const neutralIds = Array.from({ length: 10 }, (_, i) => 30 + i);

const scenario = fc.record({
  texts: fc
    .array(fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 30 }), { maxLength: 12 })
    .map((texts) => [...texts, [40, 3, 41, 14]]),
  seed: fc.integer(),
  perWord: fc.integer({ min: 1, max: 4 }),
  maxTriples: fc.integer({ min: 1, max: 40 }),
  contextLength: fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
});

function make({
  seed,
  contextLength,
  ...options
}: Omit<ContrastiveTriplesOptions, 'words' | 'neutralIds' | 'random' | 'contextLength'> & {
  seed: number;
  contextLength?: number | undefined;
}) {
  return contrastiveTriples({
    words,
    neutralIds,
    random: createRandom(seed),
    ...options,
    ...(contextLength === undefined ? {} : { contextLength }),
  });
}

describe('contrastive triples', () => {
  test('have a positive, a neutral and a negative version, the original among them', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        for (const { positive, neutral, negative, original } of make(options)) {
          expect(positive).toBeLessThan(10);
          expect(negative).toBeGreaterThanOrEqual(10);
          expect(negative).toBeLessThan(20);
          expect(neutralIds).toContain(neutral);
          expect([positive, negative]).toContain(original);
        }
      }),
    );
  });

  test('have the left context of the place that they name, within the context length', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        for (const { text, position, original, context } of make(options)) {
          const tokens = options.texts[text] as number[];
          expect(tokens[position]).toBe(original);
          const kept = Math.min(position, (options.contextLength ?? Infinity) - 1);
          expect(context).toEqual(tokens.slice(position - kept, position));
          expect(context.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('come from distinct places, in order, within both limits, and as many as these allow', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        const triples = make(options);
        const places = triples.map(({ text, position }) => text * 1000 + position);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        const perWord = new Map<number, number>();
        for (const { original } of triples) perWord.set(original, (perWord.get(original) ?? 0) + 1);
        for (const n of perWord.values()) expect(n).toBeLessThanOrEqual(options.perWord);
        const occurrences = new Map<number, number>();
        for (const token of options.texts.flatMap((tokens) => tokens.slice(1))) {
          if (token < 20) occurrences.set(token, (occurrences.get(token) ?? 0) + 1);
        }
        const possible = [...occurrences.values()].map((n) => Math.min(n, options.perWord));
        const total = possible.reduce((a, b) => a + b, 0);
        expect(triples).toHaveLength(Math.min(options.maxTriples, total));
        expect(perWord.size).toBe(Math.min(occurrences.size, options.maxTriples));
      }),
    );
  });

  test('are the same for the same seed, also from arrays of another kind', () => {
    fc.assert(
      fc.property(scenario, (options) => {
        const typed = { ...options, texts: options.texts.map((tokens) => Int32Array.from(tokens)) };
        expect(make(typed)).toEqual(make(options));
      }),
    );
  });

  test('differ between seeds', () => {
    const texts = Array.from({ length: 40 }, (_, i) => [40, i % 20, 41]);
    const options = { texts, perWord: 1, maxTriples: 20 };
    expect(make({ ...options, seed: 1 })).not.toEqual(make({ ...options, seed: 2 }));
  });

  test('replace a word by one of like strength and frequency', () => {
    const strong = [...Array(50)].flatMap(() => [9, 19, 39]);
    const texts = [
      [40, ...strong],
      [40, 0],
    ];
    for (let seed = 0; seed < 20; seed++) {
      const triples = make({ texts, seed, perWord: 3, maxTriples: 99 });
      for (const { original, negative, neutral } of triples) {
        // The weakest word never gets one of the strongest, nor the only frequent neutral token.
        if (original === 0) {
          expect(negative).toBeLessThan(15);
          expect(neutral).not.toBe(39);
        }
        if (original === 9) expect(negative).toBeGreaterThanOrEqual(15);
      }
    }
  });

  const valid: ContrastiveTriplesOptions = {
    texts: [[40, 1]],
    words,
    neutralIds,
    random: createRandom(1),
    perWord: 1,
    maxTriples: 1,
  };
  const broken: [string, string, Partial<ContrastiveTriplesOptions>][] = [
    ['texts without scored words', 'feedback-empty', { texts: [[40, 41, 20]] }],
    ['texts with nothing before the word', 'feedback-empty', { texts: [[1]] }],
    ['no texts', 'feedback-empty', { texts: [] }],
    ['no negative words', 'feedback-empty', { words: words.slice(0, 10) }],
    ['no positive words', 'feedback-empty', { words: words.slice(10) }],
    ['no neutral tokens', 'feedback-empty', { neutralIds: [] }],
    ['a neutral token that is scored', 'config-invalid', { neutralIds: [30, 3] }],
    ['a word twice', 'config-invalid', { words: [...words, { id: 1, stated: -1 }] }],
    ['a score that is no number', 'config-invalid', { words: [...words, { id: 50, stated: NaN }] }],
    ['perWord 0', 'config-invalid', { perWord: 0 }],
    ['maxTriples 1.5', 'config-invalid', { maxTriples: 1.5 }],
    ['contextLength 1', 'config-invalid', { contextLength: 1 }],
  ];
  test.each(broken)('refuse %s', (_name, code, changes) => {
    let thrown: unknown;
    try {
      contrastiveTriples({ ...valid, ...changes });
    } catch (error) {
      thrown = error;
    }
    expect(FeedprintError.is(thrown) && thrown.code).toBe(code);
  });
});
