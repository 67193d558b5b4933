import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { measureProperties, standardProperties } from '../../src/index.ts';
import { syllables } from '../../src/properties/readability.ts';

interface Golden {
  readonly texts: readonly string[];
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly prose: readonly {
    readonly text: string;
    readonly readability: number;
    readonly lexicalVariety: number;
  }[];
}

// tools/golden/properties.py
const golden = JSON.parse(
  readFileSync(new URL('../golden/properties.json', import.meta.url), 'utf8'),
) as Golden;

const properties = standardProperties();
const named = (name: string) => {
  const property = properties.find((candidate) => candidate.name === name);
  if (!property) throw new Error(`no property ${name}`);
  return property;
};
const toReply = (reply: string) => ({ prompt: '', reply });

describe('the formulas that feedback was planted by', () => {
  test('are all there', () => {
    expect(Object.keys(golden.values)).toHaveLength(16);
  });

  test.each(Object.entries(golden.values))('%s counts the same', async (name, expected) => {
    const values = await named(name).measure(golden.texts.map(toReply));
    values.forEach((value, i) => {
      expect({ text: golden.texts[i], value }).toEqual({
        text: golden.texts[i],
        value: expect.closeTo(expected[i] as number, 10),
      });
    });
  });
});

describe('prose', () => {
  const replies = golden.prose.map(({ text }) => toReply(text));

  test('has the lexical variety that lexicalrichness finds', async () => {
    const values = await named('lexical-variety').measure(replies);
    golden.prose.forEach(({ lexicalVariety }, i) =>
      expect(values[i]).toBeCloseTo(lexicalVariety, 12),
    );
  });

  test('is as easy as with the syllables of a pronouncing dictionary, but for 4 % of the syllables', async () => {
    const values = await named('readability').measure(replies);
    golden.prose.forEach(({ text, readability }, i) => {
      const words = text.match(/[A-Za-z']+/g) as string[];
      const perWord = words.reduce((sum, word) => sum + syllables(word), 0) / words.length;
      expect(Math.abs((values[i] as number) - readability)).toBeLessThan(84.6 * perWord * 0.04);
    });
  });
});

test('many properties at once measure what each measures alone', async () => {
  const replies = golden.texts.map((reply) => ({ prompt: 'Is this it?', reply }));
  const together = await measureProperties(properties, replies);
  for (const [p, property] of properties.entries()) {
    expect(together[p]).toEqual(await property.measure(replies));
  }
});
