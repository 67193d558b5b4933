import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Tokenizer } from '@feedprint/core';
import { readTokenizer } from '../../src/checkpoint/tokenizer.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

interface Golden {
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly file: { readonly model: { readonly vocab: Readonly<Record<string, number>> } };
        readonly texts: readonly {
          readonly text: string;
          readonly ids: readonly number[];
          readonly special: readonly number[];
        }[];
      }
    >
  >;
}

/** What transformers gives, see tools/golden/tokenizer_kinds.py. */
const { cases } = JSON.parse(
  readFileSync(new URL('../golden/tokenizer-kinds.json', import.meta.url), 'utf8'),
) as Golden;

function written(file: unknown): Tokenizer {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(file));
  return readTokenizer(folder);
}

test.each(Object.entries(cases))('a tokenizer of %s gives the ids of transformers', (_, golden) => {
  const tokenizer = written(golden.file);
  expect(golden.texts.length).toBeGreaterThan(8);
  for (const { text, ids, special } of golden.texts) {
    const found = {
      text,
      ids: tokenizer.encode(text, { special: false }),
      special: tokenizer.encode(text),
    };
    expect(found).toEqual({ text, ids, special });
  }
});

describe('a tokenizer of whole words', () => {
  const file = cases['word level']?.file ?? { model: { vocab: {} } };

  test('gives words back, and each as it is inside of a text', () => {
    const tokenizer = written(file);
    expect(tokenizer.decode(tokenizer.encode('the film'))).toBe('the film');
    const [, film] = tokenizer.encode('the film');
    expect(tokenizer.tokenText(film ?? NaN)).toBe(' film');
  });

  test('without an unknown token refuses a word that it does not know', () => {
    const { '<unk>': _, ...vocab } = file.model.vocab;
    const tokenizer = written({ ...file, model: { ...file.model, vocab } });
    expect(tokenizer.encode('film')).toEqual([vocab.film]);
    expect(() => tokenizer.encode('a plot')).toThrow(
      expect.objectContaining({ code: 'texts-invalid' }),
    );
  });
});
