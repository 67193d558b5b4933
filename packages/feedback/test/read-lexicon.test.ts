import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feedbackSignalConformance } from '@feedprint/core/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createLexiconSignal, lexiconWords, readLexicon } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-lexicon-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

test('a lexicon is read from JSON and from lines, whatever its numbers', async () => {
  const expected = new Map([
    ['kind', 12.5],
    ['cruel', -7],
  ]);
  expect(await readLexicon(write('a.json', '{"kind": 12.5, "cruel": -7}'))).toEqual(expected);
  expect(await readLexicon(write('a.tsv', 'kind\t12.5\t0.3\ncruel\t-7\n'))).toEqual(expected);
});

test.each<[string, string, string | Uint8Array, string, RegExp]>([
  ['what is no JSON', 'b.json', '{"kind": 1', 'config-invalid', /b\.json is not JSON/],
  ['a list', 'b.json', '["kind"]', 'config-invalid', /not an object of words and numbers/],
  [
    'a word without a number',
    'b.json',
    '{"kind": "1"}',
    'config-invalid',
    /kind .*expected number/,
  ],
  [
    'lines without numbers',
    'b.tsv',
    'kind\tvery\n',
    'config-invalid',
    /line 1 .* a tab and a number/,
  ],
  ['an infinite number', 'b.tsv', 'kind\tInfinity\n', 'config-invalid', /line 1/],
  ['no words', 'b.json', '{}', 'feedback-empty', /no word a number other than 0/],
  ['zeros', 'b.tsv', 'kind\t0\n', 'feedback-empty', /no word a number other than 0/],
  [
    'other encodings',
    'b.tsv',
    Buffer.from('k\xefnd\t1\n', 'latin1'),
    'config-invalid',
    /not UTF-8/,
  ],
])('a lexicon of %s is refused', async (_, name, content, code, message) => {
  await expect(readLexicon(write(name, content))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('a lexicon that is not there is refused', async () => {
  await expect(readLexicon(join(folder, 'none.json'))).rejects.toThrow(/none\.json.*ENOENT/);
});

describe('lexicon signal', () => {
  const lexicon = new Map([
    ['kind', 12.5],
    ['NASA', 3],
  ]);
  const make = () => createLexiconSignal({ name: 'mine', lexicon });
  for (const { name, run } of feedbackSignalConformance(make, [' kind', ' x'])) test(name, run);

  test('has its own range and scores entries as written', async () => {
    expect(make().range).toEqual([0, 12.5]);
    expect(await make().score([' kind', ' Kind', ' NASA', ' nasa'])).toEqual([
      12.5,
      undefined,
      3,
      undefined,
    ]);
  });

  test("finds a text's words as written or in lower case", () => {
    const found = lexiconWords('Kind NASA, nasa', lexicon).map(({ word }) => word);
    expect(found).toEqual(['Kind', 'NASA']);
  });
});
