import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sameTokens } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';
import { readTokenizer } from '../src/checkpoint/tokenizer.ts';
import { demoModel, sharedModel } from './support/models.ts';
import { temporaryFolder, tinyTokenizer, writeTinyCheckpoint } from './support/tiny-checkpoint.ts';

interface Golden {
  readonly cases: readonly {
    readonly text: string;
    readonly ids: Readonly<Record<string, readonly number[]>>;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('./golden/tokenizer.json', import.meta.url), 'utf8'),
) as Golden;

/** Byte-level tokens keep every byte, so that text comes back whole. */
const givesBack = (tokenizer: Tokenizer, text: string): boolean =>
  tokenizer.decode(tokenizer.encode(text, { special: false })) === text;

describe.each(['demo-base', 'imdb-neox-base'])('the tokenizer of %s', (name) => {
  const folder = name.startsWith('demo-') ? demoModel(name.slice(5)) : sharedModel(name);

  test('gives the ids of transformers for every tricky text', () => {
    if (folder === undefined) return;
    const tokenizer = readTokenizer(folder);
    expect(cases.length).toBeGreaterThan(25);
    for (const { text, ids } of cases) {
      expect({ text, ids: tokenizer.encode(text, { special: false }) }).toEqual({
        text,
        ids: ids[name],
      });
    }
  });

  test('gives the text back from its ids', () => {
    if (folder === undefined) return;
    const tokenizer = readTokenizer(folder);
    const plain = cases.map(({ text }) => text).filter((text) => !text.includes('<|endoftext|>'));
    expect(plain.filter((text) => !givesBack(tokenizer, text))).toEqual([]);
  });

  test('shows each token with its leading space, and the parts join to the whole', () => {
    if (folder === undefined) return;
    const tokenizer = readTokenizer(folder);
    const text = 'The film was not good, and a cast can be dull.';
    const ids = tokenizer.encode(` ${text}`, { special: false });
    expect(ids.map((id) => tokenizer.tokenText(id)).join('')).toBe(` ${text}`);
    expect(tokenizer.tokenText(tokenizer.encode(' film', { special: false })[0] as number)).toBe(
      ' film',
    );
  });
});

describe('a tokenizer', () => {
  const folder = writeTinyCheckpoint();
  const tokenizer = readTokenizer(folder);
  const written = (change: (json: ReturnType<typeof tinyTokenizer>) => unknown): Tokenizer => {
    const other = temporaryFolder();
    writeFileSync(join(other, 'tokenizer.json'), JSON.stringify(change(tinyTokenizer())));
    return readTokenizer(other);
  };

  test('merges as its file says', () => {
    expect(tokenizer.encode('a good goo')).toEqual([2, 31, 29, 28]);
    expect(tokenizer.tokenText(31)).toBe(' good');
  });

  test('knows special tokens, and adds none of its own', () => {
    expect([...tokenizer.specialIds]).toEqual([0]);
    expect(tokenizer.encode('a<|endoftext|>b')).toEqual([2, 0, 3]);
    expect(tokenizer.encode('')).toEqual([]);
  });

  test('counts its vocabulary by the largest id, not by the number of entries', () => {
    expect(tokenizer.vocabularySize).toBe(32);
    const gap = written((json) => ({
      ...json,
      model: { ...json.model, vocab: { ...json.model.vocab, zz: 99 } },
    }));
    expect(gap.vocabularySize).toBe(100);
    const added = written((json) => ({
      ...json,
      added_tokens: [...json.added_tokens, { ...json.added_tokens[0], id: 40, content: '<pad>' }],
    }));
    expect(added.vocabularySize).toBe(41);
  });

  test('has the fingerprint of an equal one, and of no other', () => {
    expect(written((json) => json).fingerprint).toBe(tokenizer.fingerprint);
    const other = written((json) => ({ ...json, model: { ...json.model, merges: ['o o'] } }));
    expect(other.fingerprint).not.toBe(tokenizer.fingerprint);
  });

  test('gives the ids of another for plain texts if they differ in padding and what was added behind the vocabulary', () => {
    const added = (id: number, special: boolean) => (json: ReturnType<typeof tinyTokenizer>) => ({
      ...json,
      padding: { strategy: 'BatchLongest' },
      added_tokens: [
        ...json.added_tokens,
        { ...json.added_tokens[0], id, content: '[PAD]', special },
      ],
    });
    expect(sameTokens(tokenizer, written(added(32, true)))).toBe(true);
    expect(sameTokens(tokenizer, written(added(32, false)))).toBe(false);
    expect(sameTokens(tokenizer, written(added(5, true)))).toBe(false);
    const fewer = written((json) => ({ ...json, model: { ...json.model, merges: ['o o'] } }));
    expect(sameTokens(tokenizer, fewer)).toBe(false);
    const pairs = written((json) => ({
      ...json,
      model: { ...json.model, merges: json.model.merges.map((merge) => merge.split(' ')) },
    }));
    expect(sameTokens(tokenizer, pairs)).toBe(true);
  });

  test.each([
    ['a list', () => []],
    ['no model', () => ({ added_tokens: [] })],
    [
      'a vocabulary of words',
      (json: object) => ({ ...json, model: { type: 'BPE', vocab: { a: 'x' }, merges: [] } }),
    ],
    [
      'an unknown kind of model',
      (json: object) => ({ ...json, model: { type: 'Magic', vocab: { a: 0 } } }),
    ],
    ['an unknown pre-tokenizer', (json: object) => ({ ...json, pre_tokenizer: { type: 'Magic' } })],
    ['an unknown decoder', (json: object) => ({ ...json, decoder: { type: 'Magic' } })],
  ])('file with %s is refused', (_, change) => {
    expect(() => written(change)).toThrow(expect.objectContaining({ code: 'checkpoint-invalid' }));
  });
});
