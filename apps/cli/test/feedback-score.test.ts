import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatServer } from '@feedprint/core/testing';
import { createVaderScorer } from '@feedprint/feedback';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint } from './support/tiny-pair.ts';

const root = temporaryFolder();
const texts = ['The film was GREAT, not bad!', 'a film', 'a sad day 😀', '...'];
const file = join(root, 'texts.jsonl');
writeFileSync(file, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));

const score = (flags: Flags, env: Record<string, string> = {}): Promise<Captured> =>
  runCli(commandLine('feedback score', { texts: file, ...flags }), { env });

type Line = Readonly<Record<string, unknown>>;
async function json(flags: Flags, env: Record<string, string> = {}): Promise<Line[]> {
  const { code, out, err } = await score({ ...flags, json: true }, env);
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^read \d+ (text|pair)s?; layout .*\n( {2}\S.*\n)*$/),
  ]);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('feedprint feedback score', () => {
  test('gives the words that the lexicon has and the sum of their valences', async () => {
    expect(await json({ signal: 'vader' })).toEqual([
      {
        score: 0.6,
        words: [
          { word: 'GREAT', offset: 13, valence: 3.1 },
          { word: 'bad', offset: 24, valence: -2.5 },
        ],
      },
      { score: null, words: [] },
      { score: -2.1, words: [{ word: 'sad', offset: 2, valence: -2.1 }] },
      { score: null, words: [] },
    ]);
  });

  test('takes the words of another lexicon', async () => {
    const lexicon = join(root, 'mine.json');
    writeFileSync(lexicon, '{"film": -2.5, "great": 40}');
    const found = await json({ signal: 'vader', lexicon });
    expect(found.map((line) => line.score)).toEqual([37.5, -2.5, null, null]);
  });

  test("gives VADER's scores of whole texts", async () => {
    const scorer = createVaderScorer();
    const expected = texts.map((text) => {
      const { compound, pos, neu, neg } = scorer(text);
      return { score: compound, pos, neu, neg };
    });
    expect(await json({ signal: 'vader-text' })).toEqual(expected);
    expect(await json({ signal: 'vader-text', 'max-texts': 2 })).toEqual(expected.slice(0, 2));
  });

  test('says what it took a file for and which rows it left out, and reads no more than it is asked', async () => {
    const pairs = join(root, 'unsound.csv');
    writeFileSync(pairs, 'prompt,chosen,rejected\nQ,good,\nQ,good,bad\nQ,bad,good\n');
    const flags = { signal: 'vader', texts: undefined, pairs, json: true } as const;
    const all = await score(flags);
    expect(all.err).toMatch(
      /^read 2 pairs; layout csv, prompt and replies\nleft out 1 row: no "rejected" .* \(first: .*unsound\.csv, line 2\)\n {2}prompt +Q\n {2}chosen +good\n {2}rejected +bad\n {2}prompt/,
    );
    expect(all.out.trimEnd().split('\n')).toHaveLength(2);
    const one = await score({ ...flags, 'max-texts': 1 });
    expect(one.err).toMatch(/^read 1 pair; /);
  });

  test('gives pairs the difference of their replies', async () => {
    const pairs = join(root, 'pairs.jsonl');
    const replies = [
      ['a good film', 'a bad film'],
      ['...', 'good'],
    ] as const;
    writeFileSync(
      pairs,
      replies
        .map(([chosen, rejected]) => `${JSON.stringify({ prompt: 'Q', chosen, rejected })}\n`)
        .join(''),
    );
    const scorer = createVaderScorer();
    const scores = (reply: string) => {
      const { compound, pos, neu, neg } = scorer(reply);
      return { score: compound, pos, neu, neg };
    };
    const found = await json({ signal: 'vader-text', texts: undefined, pairs });
    expect(found).toEqual(
      replies.map(([chosen, rejected]) => ({
        score: scores(chosen).score - scores(rejected).score,
        chosen: scores(chosen),
        rejected: scores(rejected),
      })),
    );
    const words = await json({ signal: 'vader', texts: undefined, pairs });
    expect(words.map((line) => line.score)).toEqual([4.4, null]);
  });

  test('prints scores beside the beginnings of the texts for people', async () => {
    const { code, out, err } = await score({ signal: 'vader' });
    expect([code, err]).toEqual([0, 'read 4 texts; layout jsonl, column text\n']);
    expect(out).toBe(
      ' 0.6  The film was GREAT, not bad!\n   -  a film\n-2.1  a sad day 😀\n   -  ...\n',
    );
  });
});

describe('feedprint feedback score --signal reward-model', () => {
  let folder: string;
  let model: LanguageModel;

  beforeAll(async () => {
    folder = writeCheckpoint(join(root, 'classifier'), {
      config: {
        architectures: ['GPTNeoXForSequenceClassification'],
        id2label: { 0: 'poor', 1: 'good' },
      },
      tensors: (tensors) => {
        delete tensors['embed_out.weight'];
        const data = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i));
        tensors['score.weight'] = { shape: [2, 16], data };
      },
    });
    writeFileSync(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({
        chat_template: '{% for m in messages %}[{{ m.role }}] {{ m.content }}{% endfor %}',
      }),
    );
    model = await loadModel(folder, { threads: 1 });
  });
  afterAll(() => model.dispose());

  /** The model's scores of one text, run by itself. */
  async function logitsOf(text: string, cut: (ids: readonly number[]) => readonly number[]) {
    const ids = cut(model.tokenizer.encode(text, { special: true }));
    return Array.from((await model.run([ids], { logits: 'last' })).logits?.data ?? []);
  }
  const whole = (ids: readonly number[]): readonly number[] => ids;

  test.each([
    ['good', 1],
    ['1', 1],
    ['0', 0],
  ])('gives the score called %s after the last token of each text', async (label, index) => {
    const lines = await json({ signal: 'reward-model', model: folder, label, threads: 1 });
    for (const [i, text] of texts.entries()) {
      const wanted = (await logitsOf(text, whole))[index] as number;
      expect(lines[i]).toEqual({ score: expect.closeTo(wanted, 5) });
    }
  });

  test('cuts long texts where it is told to', async () => {
    const flags = {
      signal: 'reward-model',
      model: folder,
      label: 'poor',
      'max-length': 3,
      threads: 1,
    };
    const [left] = await json({ ...flags, truncate: 'left' });
    const [right] = await json({ ...flags, truncate: 'right' });
    const [text = ''] = texts;
    const last = await logitsOf(text, (ids) => ids.slice(-3));
    const first = await logitsOf(text, (ids) => ids.slice(0, 3));
    expect(left?.score).toBeCloseTo(last[0] as number, 5);
    expect(right?.score).toBeCloseTo(first[0] as number, 5);
    const refused = await score(flags);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/text 1 has \d+ tokens, classifier accepts 3; say which side/);
  });

  test("wraps texts by the model's chat template", async () => {
    const chat = { signal: 'reward-model', model: folder, label: 'good', threads: 1, chat: true };
    const wanted = await logitsOf('[user] a film', whole);
    expect((await json(chat as Flags))[1]?.score).toBeCloseTo(wanted[1] as number, 5);
    const pairs = join(root, 'conversation.jsonl');
    const turns = [
      { role: 'x', content: 'a' },
      { role: 'user', content: 'why' },
    ];
    const [chosen, rejected] = ['good', 'bad'].map((content) => [{ role: 'assistant', content }]);
    writeFileSync(pairs, JSON.stringify({ prompt: turns, chosen, rejected }));
    const asked = '[x] a[user] why[assistant] ';
    const [good, bad] = [
      await logitsOf(`${asked}good`, whole),
      await logitsOf(`${asked}bad`, whole),
    ];
    const [found] = await json({ ...chat, texts: undefined, pairs } as Flags);
    expect(found?.score).toBeCloseTo((good[1] as number) - (bad[1] as number), 5);
  });
});

describe('feedprint feedback score --signal judge', () => {
  const key = 'sk-test-0123456789-secret';
  let server: ChatServer;
  /** Grades a text by its length, and says nonsense of the one with dots; one model is closed to all. */
  beforeAll(async () => {
    server = await startChatServer(({ body }) => {
      if (body.model === 'closed') return { status: 401 };
      const text = body.messages[1]?.content.split('\n')[2] as string;
      return text.includes('...')
        ? 'Hm.'
        : JSON.stringify({ score: (JSON.parse(text) as string).length });
    });
  });
  afterAll(() => server.close());

  test('gives the grades, null for an unusable answer, and asks nothing twice', async () => {
    const cache = join(root, 'answers.jsonl');
    const flags = {
      signal: 'judge',
      'judge-model': 'm-1',
      'judge-url': server.baseURL,
      'judge-cache': cache,
      rubric: 'Is it long?',
      range: '0,100',
      concurrency: 2,
    };
    const expected = [{ score: 28 }, { score: 6 }, { score: 12 }, { score: null }];
    expect(await json(flags, { OPENAI_API_KEY: key })).toEqual(expected);
    // The unusable answer is asked for once more by the client.
    expect(server.seen).toHaveLength(5);
    const { headers, body } = server.seen[0] ?? {};
    expect(headers?.authorization).toBe(`Bearer ${key}`);
    expect(body).toMatchObject({ model: 'm-1', temperature: 0 });
    expect(body?.messages[0]?.content).toMatch(/Is it long\?[^]*a number from 0 to 100/);
    expect(await json(flags, { OPENAI_API_KEY: key })).toEqual(expected);
    expect(server.seen).toHaveLength(5);
    expect(readFileSync(cache, 'utf8')).not.toContain(key);
  });

  test('is itself judged by planted faults', async () => {
    const long = join(root, 'long.txt');
    const line = (i: number): string =>
      `Text ${i} has more than eight words in it, so that it can be spoilt.`;
    writeFileSync(long, Array.from({ length: 3 }, (_, i) => `${line(i)}\n`).join(''));
    const flags = {
      texts: long,
      signal: 'judge',
      'judge-model': 'm-1',
      'judge-url': server.baseURL,
    };
    const { code, out } = await score(
      { ...flags, range: '0,1000', calibrate: true },
      { OPENAI_API_KEY: key },
    );
    expect(code).toBe(0);
    // It grades by length, and cannot compare.
    expect(out).toMatch(/\ncut +3 +100.0 % \[44, 100\] +0 +\d+\.\d\d\n/);
    expect(out).toMatch(/\nswapped +0 +- +0 +-\n/);
    expect(out).toMatch(/\npadded +3 +100.0 % \[44, 100\] +0 +-\d+\.\d\d\n/);
    expect(out).toMatch(/the first of two replies called better: - of 0/);
  });

  test('fails in one line when the server refuses', async () => {
    const flags = { signal: 'judge', 'judge-model': 'closed', 'judge-url': server.baseURL };
    const { code, out, err } = await score(flags, { OPENAI_API_KEY: key });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^read 4 texts; layout jsonl, column text\nerror: 127\.0\.0\.1:\d+ answered with status 401; .*\n$/,
    );
    expect(err).not.toContain(key);
  });
});

test.each<[string, Flags, 1 | 2, RegExp]>([
  ['no signal', {}, 2, /--signal/],
  [
    'a signal that is not known',
    { signal: 'stars' },
    2,
    /one of vader, vader-text, reward-model, judge/,
  ],
  [
    'no texts',
    { signal: 'vader', texts: undefined },
    2,
    /neither texts nor pairs; give one of --texts/,
  ],
  ['texts and pairs', { signal: 'vader', pairs: 'x.jsonl' }, 2, /both texts and pairs; give one/],
  [
    'a lexicon that is not there',
    { signal: 'vader', lexicon: 'x.tsv' },
    2,
    /x\.tsv cannot be read/,
  ],
  [
    'texts that are not there',
    { signal: 'vader', texts: 'none.txt' },
    1,
    /none\.txt cannot be read/,
  ],
  ['a reward model that is not named', { signal: 'reward-model' }, 2, /add --model/],
  ['a judge that is not named', { signal: 'judge' }, 2, /add --judge-model/],
  ['a judge without a key', { signal: 'judge', 'judge-model': 'm' }, 1, /set .*OPENAI_API_KEY/],
  ['a range of one number', { signal: 'judge', range: '5' }, 2, /two numbers separated by a comma/],
  [
    'a range that descends',
    { signal: 'judge', range: '5,1' },
    2,
    /two numbers separated by a comma/,
  ],
  ['a side that is none', { signal: 'vader', truncate: 'both' }, 2, /one of left, right/],
  ['no concurrency', { signal: 'judge', concurrency: 0 }, 2, /at least 1/],
  [
    'an answer file that cannot be',
    {
      signal: 'judge',
      'judge-model': 'm',
      'judge-url': 'http://127.0.0.1:9/v1',
      'judge-cache': root,
    },
    1,
    /cannot write .*EISDIR/,
  ],
])('feedprint feedback score refuses %s in one line', async (_, flags, code, says) => {
  const refused = await score(flags);
  expect([refused.code, refused.out]).toEqual([code, '']);
  expect(refused.err).toMatch(says);
  expect(refused.err).toMatch(/^error: /);
  expect(refused.err).not.toMatch(/\n\s+at |This is a bug/);
});

test('feedprint feedback score refuses a model without scores, and a score that the model has not', async () => {
  const language = writeCheckpoint(join(root, 'language'));
  const plain = await score({ signal: 'reward-model', model: language, threads: 1 });
  expect(plain).toMatchObject({ code: 1, out: '' });
  expect(plain.err).toMatch(/language predicts tokens; it has no head that scores texts; use/);
  const unnamed = await score({
    signal: 'reward-model',
    model: join(root, 'classifier'),
    threads: 1,
  });
  expect(unnamed).toMatchObject({ code: 2, out: '' });
  expect(unnamed.err).toMatch(/has 2 scores.*name one of its labels, 0 poor, 1 good/);
});
