import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { createCutter } from '../../src/checkpoint/text-cuts.ts';
import { readTokenizer } from '../../src/checkpoint/tokenizer.ts';
import { demoModel, sharedFile, sharedModel } from '../support/models.ts';
import { temporaryFolder, tinyTokenizer } from '../support/tiny-checkpoint.ts';

type Json = Readonly<Record<string, unknown>>;
const readJson = (path: string): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;
const demo = readJson(join(demoModel('base'), 'tokenizer.json'));

const token = (id: number, content: string, flags: Json = {}): Json => ({
  ...{ id, content, special: true, normalized: false, lstrip: false, rstrip: false },
  single_word: false,
  ...flags,
});
const endOfText = token(0, '<|endoftext|>');

/** The demo's vocabulary behind another pre-tokenizer. */
const split = (pattern: string): Json => ({
  ...demo,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
});
const digits = (count: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${count}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** BPE over whole texts in which spaces are written `▁`. */
function marked(changes: Json, merges: readonly string[] = []): Json {
  const all = [
    '▁ ▁',
    '▁▁ ▁▁',
    '▁ g',
    'o o',
    'oo d',
    '▁g ood',
    't h',
    '▁ th',
    '▁th e',
    '. .',
    ...merges,
  ];
  const tokens = ['<unk>', '<s>', '</s>', '▁', ...'abcdefghijklmnopqrstuvwxyz.,', '\n', 'é'];
  const vocab = [...tokens, ...all.map((merge) => merge.replace(' ', ''))];
  return {
    added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) => token(id, content)),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Fuse' },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      vocab: Object.fromEntries(vocab.map((text, id) => [text, id])),
      merges: all,
    },
    ...changes,
  };
}
const replace = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
const llama2 = { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, replace] };
const metaspace = (scheme: string): Json => ({
  ...{ type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split: false },
});

const cutTokenizers: Readonly<Record<string, Json>> = {
  'of GPT-2': demo,
  'of Llama 3': split(digits('{1,3}')),
  'of Qwen 2': { ...split(digits('')), normalizer: { type: 'NFC' } },
  'of Pythia, with added runs of spaces': {
    ...demo,
    normalizer: { type: 'NFC' },
    added_tokens: [
      endOfText,
      ...[4, 3, 2].map((n, i) => token(5 + i, ' '.repeat(n), { special: false, normalized: true })),
    ],
  },
  'with added tokens that take blanks around them': {
    ...demo,
    added_tokens: [
      endOfText,
      token(5, '<mask>', { lstrip: true, rstrip: true }),
      token(6, '<m'),
      token(7, ' film', { special: false }),
      token(8, 'the', { special: false }),
    ],
  },
  'of Llama 2': marked({ normalizer: llama2 }),
  'of Llama 2, its special tokens normalised': marked({
    normalizer: llama2,
    added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) =>
      token(id, content, { normalized: true }),
    ),
  }),
  'of Gemma': marked({
    normalizer: replace,
    pre_tokenizer: {
      ...{ type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious' },
      invert: false,
    },
  }),
  'with a mark before every text': marked({ pre_tokenizer: metaspace('always') }),
  'with a mark before the first text': marked({ pre_tokenizer: metaspace('first') }),
  'with no mark before texts': marked({ pre_tokenizer: metaspace('never') }),
};

const wholeTokenizers: Readonly<Record<string, Json>> = {
  'whose merges go on into the next word': marked({ normalizer: llama2 }, ['e ▁']),
  'that ends words by a suffix': marked({
    normalizer: llama2,
    model: { ...(marked({}).model as Json), end_of_word_suffix: '</w>' },
  }),
  'with an added token that holds a mark': marked({
    normalizer: llama2,
    added_tokens: [token(0, '▁the', { normalized: true })],
  }),
  'of an unknown pattern': split('\\p{L}+ \\p{L}+|\\s+'),
  'that lowers letters': { ...demo, normalizer: { type: 'Lowercase' } },
  'with normalised tokens that other letters may become': {
    ...demo,
    normalizer: { type: 'NFC' },
    added_tokens: [endOfText, token(5, 'K', { special: false, normalized: true })],
  },
};

const fragment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(' the', ' film', ' good', ' a', 'b', '.', ',') },
  fc.constantFrom(' ', '  ', '   ', '\n', ' \n', '\t', '\u00a0', '\u0085', '\u200b', '\ufeff', '▁'),
  fc.constantFrom("'s", "n't", ' 12', '345', '!!', ' "x"', '…', ' —', ' (é', ' é', 'e\u0301', ' Å'),
  fc.constantFrom('<|endoftext|>', ' <mask> ', '<m', '<s>', ' </s>', '<unk>', 'the', 'K', '\u212a'),
  fc.constantFrom(' 映画', 'は', ' фильм', ' 👩‍🚀', '\ud83d', '\udc00', ' 한 국', ' ﬁ', 'Σ', ' ß'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const text = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(''));

/** Our tokenizer, and the library's ids of a whole text. */
function both(json: Json, config: Json = { clean_up_tokenization_spaces: false }) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  const library = new Library(json, config);
  return {
    tokenizer: readTokenizer(folder),
    idsOf: (whole: string) => library.encode(whole).ids,
  };
}

describe.each(Object.entries({ ...cutTokenizers, ...wholeTokenizers }))(
  'a tokenizer %s',
  (_, json) => {
    test('gives the first ids of the whole text, whatever the text', () => {
      const { tokenizer, idsOf } = both(json);
      fc.assert(
        fc.property(text, fc.nat({ max: 12 }), (whole, maxTokens) => {
          const ids = idsOf(whole);
          expect(tokenizer.encode(whole)).toEqual(ids);
          expect(tokenizer.encode(whole, { maxTokens })).toEqual(ids.slice(0, maxTokens));
        }),
        { seed: 11, numRuns: 300 },
      );
    });
  },
);

test.each(Object.entries(cutTokenizers))('a tokenizer %s cuts between words', (_, json) => {
  const parts = [...(createCutter(json)?.('the good film, and a good.') ?? [])];
  expect(parts.length).toBeGreaterThan(3);
});

test.each(Object.entries(wholeTokenizers))('a tokenizer %s is given whole texts', (_, json) => {
  expect(createCutter(json)).toBeUndefined();
});

test('a text is cut no further than its first tokens need', () => {
  const { tokenizer } = both(tinyTokenizer());
  const long = `good${' good'.repeat(2e6)}`;
  expect(tokenizer.encode(long, { maxTokens: 3 }).length).toBe(3);
  const cutter = createCutter(tinyTokenizer()) as NonNullable<ReturnType<typeof createCutter>>;
  const [first, second] = cutter(long);
  expect([first, second]).toEqual(['good', ' good']);
});

describe.each(['demo-base', 'imdb-neox-base', 'stories260k'])('the tokenizer of %s', (name) => {
  const folder = name.startsWith('demo-') ? demoModel(name.slice(5)) : sharedModel(name);
  const reviews = sharedFile('data/imdb-2k.jsonl.gz');

  test('gives the ids of whole film reviews', () => {
    if (folder === undefined || reviews === undefined) return;
    const lines = gunzipSync(readFileSync(reviews)).toString().trim().split('\n').slice(0, 100);
    const json = readJson(join(folder, 'tokenizer.json'));
    const { tokenizer, idsOf } = both(json, readJson(join(folder, 'tokenizer_config.json')));
    expect(createCutter(json)).toBeDefined();
    for (const line of lines) {
      const review = (JSON.parse(line) as { readonly text: string }).text;
      const ids = idsOf(review);
      expect(tokenizer.encode(review)).toEqual(ids);
      expect(tokenizer.encode(review, { maxTokens: 128 })).toEqual(ids.slice(0, 128));
    }
  });
});
