import { createRandom } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContrastiveTriplesOptions } from '../../src/index.ts';
import { contrastiveTriples, createVaderSignal } from '../../src/index.ts';
import { greedyTokenizer } from '../greedy-tokenizer.ts';

const signal = createVaderSignal(
  new Map([
    ['good', 2],
    ['splendid', 3],
    ['bad', -2],
    ['dismal', -3],
  ]),
);
const tokenizer = greedyTokenizer([
  ' good',
  ' bad',
  ' film',
  ' plot',
  ' the',
  'the',
  ' sp',
  'lend',
  'id',
  ' dis',
  'mal',
  ' Good',
]);

const make = (changes: Partial<ContrastiveTriplesOptions> = {}) =>
  contrastiveTriples({
    texts: ['the good film', 'the plot, bad', 'the splendid film', 'the dismal plot'],
    signal,
    tokenizer,
    random: createRandom(1),
    perWord: 5,
    maxTriples: 99,
    ...changes,
  });

describe('contrastive triples as tokens', () => {
  test('have as many tokens in each version as its word has, the context the same', async () => {
    const { triples, dropped } = await make();
    expect(triples).toHaveLength(4);
    expect(dropped).toEqual({});
    for (const { context, positive, neutral, negative, position, original, text } of triples) {
      expect(tokenizer.decode(context.slice(1))).toBe(['the', 'the plot,', 'the', 'the'][text]);
      expect(position).toBe(context.length);
      const words = [positive, neutral, negative].map((span) => tokenizer.decode(span).trim());
      expect(words).toContain(original);
      expect(['good', 'splendid']).toContain(words[0]);
      expect(['film', 'plot', 'the']).toContain(words[1]);
      expect(['bad', 'dismal']).toContain(words[2]);
      const lengths: Record<string, number> = { splendid: 3, dismal: 2 };
      expect([positive, neutral, negative].map(({ length }) => length)).toEqual(
        words.map((word) => lengths[word] ?? 1),
      );
    }
  });

  test('are the text of each version, whatever the pieces', async () => {
    const pieces = fc.array(fc.stringMatching(/^ ?[a-z,]{1,4}$/), { maxLength: 12 });
    const texts = ['oh, the good, plain film', 'so dismal "good" a plot'];
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 6, max: 40 }), async (found, contextLength) => {
        const random = greedyTokenizer(found);
        const { triples } = await make({ texts, tokenizer: random, contextLength }).catch(() => ({
          triples: [],
        }));
        for (const { text, offset, original, context, ...spans } of triples) {
          const before = (texts[text] as string).slice(0, offset);
          for (const span of [spans.positive, spans.neutral, spans.negative]) {
            expect(context.length + span.length).toBeLessThanOrEqual(contextLength);
            const ids = random.encode(before + random.decode(span).trim(), { special: true });
            expect(ids.slice(ids.length - span.length)).toEqual(span);
            expect(ids.slice(0, -span.length).slice(-context.length)).toEqual(context);
          }
          const sides = [spans.positive, spans.negative].map((span) => random.decode(span).trim());
          expect(sides).toContain(original);
        }
      }),
    );
  });

  test('are dropped and counted where a token runs across the beginning of a word', async () => {
    const crossing = greedyTokenizer([' good', ' bad', ' film', 'the g', 'the']);
    const texts = ['the good film', 'a bad film', 'a good film'];
    const { triples, dropped } = await make({ texts, tokenizer: crossing });
    expect(triples.map(({ text }) => text)).toEqual([1, 2]);
    expect(dropped).toEqual({ boundary: 1 });
  });

  test('keep the end of a long context, with room for the longest version', async () => {
    const texts = [`${'the plot '.repeat(9)}good film`, `${'the plot '.repeat(9)}dismal film`];
    const { triples } = await make({ texts, contextLength: 6 });
    expect(triples).toHaveLength(2);
    for (const { context, positive, neutral, negative, position } of triples) {
      const longest = Math.max(positive.length, neutral.length, negative.length);
      expect(context.length).toBe(6 - longest);
      expect(position).toBe(19);
      expect(tokenizer.decode(context)).toMatch(/^ (the|plot).* plot$/);
    }
  });

  test('are dropped where a word fills the context', async () => {
    const texts = ['the splendid film', 'the bad film', 'the dismal plot', 'the good plot'];
    const { triples, dropped } = await make({ texts, contextLength: 3 });
    expect(dropped['too-long']).toBeGreaterThan(0);
    for (const { positive, neutral, negative } of triples) {
      expect(Math.max(positive.length, neutral.length, negative.length)).toBeLessThanOrEqual(2);
    }
  });

  test('leave out what the tokenizer puts behind texts', async () => {
    const closing: Tokenizer = {
      ...tokenizer,
      encode: (text, options) => [
        ...tokenizer.encode(text, options),
        ...(options?.special ? [0] : []),
      ],
    };
    expect(await make({ tokenizer: closing })).toEqual(await make());
  });

  test('know words in other case, which count as they do in lower case', async () => {
    const { triples } = await make({ texts: ['the Good film', 'the BAD plot'] });
    expect(triples.map(({ original }) => original)).toEqual(['Good', 'BAD']);
    expect(triples.map(({ positive }) => tokenizer.decode(positive))).toEqual([' Good', ' GOOD']);
  });

  test('fill their number with other places than those that were dropped', async () => {
    const crossing = greedyTokenizer([' good', ' bad', ' film', 'the g', 'the']);
    const texts = [
      ...Array<string>(5).fill('the good film'),
      ...Array<string>(5).fill('a good film'),
      'a bad film',
    ];
    const { triples } = await make({ texts, tokenizer: crossing, maxTriples: 4, perWord: 9 });
    expect(triples).toHaveLength(4);
  });
});

test.each<[string, Partial<ContrastiveTriplesOptions>, RegExp]>([
  [
    'texts with praise alone',
    { texts: ['a good film'] },
    /4? ?no word that vader says is negative, which/,
  ],
  ['texts without scored words', { texts: ['a film'] }, /positive and none that is negative/],
  [
    'texts without places',
    { texts: ['good', 'bad'] },
    /no word of the 2 texts has a positive, .*"no-context":2/,
  ],
  ['a context of one token', { contextLength: 1 }, /contextLength is 1/],
  ['no triples', { maxTriples: 0 }, /maxTriples is 0/],
])('contrastive triples refuse %s', async (_, changes, says) => {
  await expect(make(changes)).rejects.toThrow(says);
});
