import { propertyConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import {
  defineProperty,
  loadVaderLexicon,
  measureProperties,
  standardProperties,
} from '../../src/index.ts';
import { wordTokenizer } from '../word-tokenizer.ts';
import { examples } from './examples.ts';

const lexicon = loadVaderLexicon();
const standard = standardProperties({ lexicon });

test('at least 40 properties have an example, and names of their own', () => {
  expect(standard.length).toBeGreaterThanOrEqual(40);
  expect(standard.map(({ name }) => name).sort()).toEqual(Object.keys(examples).sort());
});

describe.each(Object.entries(examples))('%s', (name, rows) => {
  const find = () => {
    const property = standardProperties({ lexicon }).find((candidate) => candidate.name === name);
    if (!property) throw new Error(`no property ${name}`);
    return property;
  };
  const replies = rows.map(([reply, , prompt = '']) => ({ prompt, reply }));
  test.each(rows)('of %j is %p', async (reply, value, prompt = '') => {
    const [measured] = await find().measure([{ prompt, reply }]);
    expect(measured).toEqual(Number.isNaN(value) ? NaN : expect.closeTo(value, 12));
  });
  for (const check of propertyConformance(find, [...replies, { prompt: '', reply: 'So what.' }])) {
    test(check.name, check.run);
  }
});

describe('hostile texts of 100,000 characters', () => {
  const pieces = [
    ...[
      'a',
      ' ',
      '\n',
      '.',
      '*',
      '_',
      '`',
      '[',
      '](',
      '|',
      '#',
      '-',
      '"',
      "'",
      '(',
      '…',
      '👩‍',
      '🇩',
      '漢',
    ],
    ...[
      '- ',
      '1. ',
      '**a',
      '__a',
      '| ',
      '\n ',
      '\n\n',
      '. ',
      '" ',
      '.)',
      'a-',
      "a'",
      'http',
      'www.',
      '-- ',
    ],
    ...[
      'I think ',
      'you are ',
      'you are so ',
      'as an ',
      'i',
      'first ',
      '\n```',
      '\t\n',
      '. \n',
      '<br',
      ':-|',
    ],
  ];
  test.each(pieces)(
    'of %j are measured, all properties before the test times out',
    async (piece) => {
      const hostile = piece.repeat(Math.ceil(100_000 / piece.length));
      const replies = [
        { prompt: hostile, reply: hostile },
        { prompt: '', reply: `${hostile}x` },
      ];
      for (const values of await measureProperties(standard, replies)) {
        for (const value of values) expect(Math.abs(value)).not.toBe(Infinity);
      }
    },
  );
});

describe('tokens', () => {
  const make = () => {
    const last = standardProperties({ tokenizer: wordTokenizer([]), lexicon }).find(
      ({ name }) => name === 'tokens',
    );
    if (!last) throw new Error('no tokens');
    return last;
  };
  const replies = ['', 'one two three'].map((reply) => ({ prompt: 'Q', reply }));
  for (const check of propertyConformance(make, replies)) test(check.name, check.run);

  test('count the one that ends the reply', async () => {
    expect([...(await make().measure(replies))]).toEqual([1, 4]);
  });
});

describe('a property of one’s own', () => {
  const make = () =>
    defineProperty({
      name: 'tildes',
      definition: 'Tildes.',
      measure: (reply) => (reply === '' ? NaN : reply.split('~').length - 1),
    });
  const replies = ['', '~', 'a~b~'].map((reply) => ({ prompt: '', reply }));
  for (const check of propertyConformance(make, replies)) test(check.name, check.run);

  test.each(['', 'Tildes', 'a_b', 'a--b', '1st'])('is not called %j', (name) => {
    expect(() => defineProperty({ name, definition: 'It.', measure: () => 0 })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });

  test('does not measure infinity', async () => {
    const property = defineProperty({ name: 'odd', definition: 'Odd.', measure: () => Infinity });
    await expect(property.measure(replies)).rejects.toMatchObject({ code: 'numbers-invalid' });
  });

  test('stops where it is told to, and says how far it is', async () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ prompt: '', reply: `${i}` }));
    const seen: number[] = [];
    await measureProperties([make()], many, { onProgress: (measured) => seen.push(measured) });
    expect(seen).toEqual([8, 16, 20]);
    const signal = AbortSignal.abort();
    await expect(measureProperties([make()], many, { signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
