import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import type { Lexicon } from '../../src/index.ts';
import { loadVaderLexicon, parseVaderLexicon } from '../../src/index.ts';

/** SHA-256 of "entry<TAB>valence" lines, sorted by code unit, of cjhutto/vaderSentiment's vader_lexicon.txt at 44fc044. */
const published = '6071026dcb8d1a93e3fed9961d27f6b15485aa2a46a83d68182130aa6b856d7a';

function digest(lexicon: Lexicon): string {
  const lines = [...lexicon].map(([entry, valence]) => `${entry}\t${valence}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

function differences(a: Lexicon, b: Lexicon): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort();
}

const packaged = () =>
  parseVaderLexicon(
    readFileSync(new URL(import.meta.resolve('vader-sentiment/vader_lexicon.txt')), 'utf8'),
  );

test('has every entry and valence that the authors publish', () => {
  const lexicon = loadVaderLexicon();
  expect(lexicon.size).toBe(7506);
  expect(digest(lexicon)).toBe(published);
  expect(lexicon.get('good')).toBe(1.9);
  expect(lexicon.get('horror')).toBe(-2.7);
  expect(lexicon.get("can't stand")).toBe(-2);
});

test('updates four entries of the packaged file, and no other', () => {
  expect(differences(packaged(), loadVaderLexicon())).toEqual([
    'badass',
    'flawed',
    'heart',
    'hearts',
  ]);
});

const reference = new URL('../../../../../shared/data/vader_lexicon.txt', import.meta.url);
if (existsSync(reference)) {
  test('equals the reference file entry by entry (../shared is there)', () => {
    const text = readFileSync(reference, 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(7520);
    expect(differences(loadVaderLexicon(), parseVaderLexicon(text))).toEqual([]);
  });
} else {
  test('the reference file is MISSING (no ../shared): compared by its hash alone', () => {
    expect(digest(loadVaderLexicon())).toBe(published);
  });
}

test('the last of repeated entries counts, and line ends and a byte order mark do not', () => {
  const text = '\ufefflol\t2.9\t1\t[1]\r\n\r\n:)\t2.0\r\nlol\t1.8\r\n';
  expect([...parseVaderLexicon(text)]).toEqual([
    ['lol', 1.8],
    [':)', 2],
  ]);
});

test.each([
  ['config-invalid', 'good\t1.9\ngood 1.9'],
  ['config-invalid', 'good\t'],
  ['config-invalid', 'good\tmuch'],
  ['config-invalid', 'good\t4.1'],
  ['config-invalid', 'good\tNaN'],
  ['config-invalid', '\t1.9'],
  ['feedback-empty', '\n \n'],
])('refuses a broken lexicon with %s: %j', (code, text) => {
  let thrown: unknown;
  try {
    parseVaderLexicon(text);
  } catch (error) {
    thrown = error;
  }
  expect(FeedprintError.is(thrown) && thrown.code).toBe(code);
});

test('names the line that is broken', () => {
  expect(() => parseVaderLexicon('good\t1.9\n\nbad')).toThrow(/line 3 .*"bad"/);
});
