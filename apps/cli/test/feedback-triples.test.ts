import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatServer } from '@feedprint/core/testing';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();
const texts = ['The film was GREAT, and walked on.', 'such a sad, sad plot', 'Good.'];
const file = join(root, 'texts.jsonl');
writeFileSync(file, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
let count = 0;
const freshOut = (): string => join(root, `triples-${count++}.jsonl`);

const make = (flags: Flags, env: Record<string, string> = {}): Promise<Captured> =>
  runCli(commandLine('feedback triples', { texts: file, ...flags }), { env });

type Triple = Readonly<Record<'original' | 'positive' | 'neutral' | 'negative', string>> & {
  readonly text: number;
  readonly offset: number;
  readonly words: Readonly<Record<'positive' | 'neutral' | 'negative', string>>;
};
const linesOf = (path: string): Triple[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Triple);

describe('feedprint feedback triples', () => {
  test('writes texts with one word in three versions, and where it stands', async () => {
    const out = freshOut();
    const { code, out: said, err } = await make({ out });
    expect([code, said]).toEqual([0, `3 triples from 3 texts: ${out}\n`]);
    expect(err).toBe('read 3 texts; layout jsonl, column text\ndropped: 1 no-context\n');
    const triples = linesOf(out);
    expect(triples.map(({ text, offset, original }) => [text, offset, original])).toEqual([
      [0, 13, 'GREAT'],
      [1, 7, 'sad'],
      [1, 12, 'sad'],
    ]);
    for (const { text, offset, original, words, ...versions } of triples) {
      const whole = texts[text] as string;
      for (const side of ['positive', 'neutral', 'negative'] as const) {
        const tail = whole.slice(offset + original.length);
        expect(versions[side]).toBe(whole.slice(0, offset) + words[side] + tail);
      }
      expect([words.positive, words.negative]).toContain(original);
    }
    expect(triples[0]?.words).toMatchObject({ positive: 'GREAT', negative: 'SAD' });
  });

  test('writes the same bytes for a seed, and counts as JSON', async () => {
    const [a, b] = [freshOut(), freshOut()];
    await make({ out: a, seed: 7 });
    const { out } = await make({ out: b, seed: 7, json: true });
    expect(readFileSync(b, 'utf8')).toBe(readFileSync(a, 'utf8'));
    expect(JSON.parse(out)).toEqual({
      file: b,
      texts: 3,
      triples: 3,
      dropped: { 'no-context': 1 },
    });
  });

  test('keeps to the limits and takes another lexicon', async () => {
    const out = freshOut();
    const lexicon = join(root, 'mine.json');
    writeFileSync(lexicon, '{"film": 1, "plot": -1}');
    await make({ out, lexicon, 'max-triples': 1 });
    const [triple, ...rest] = linesOf(out);
    expect(rest).toEqual([]);
    expect(triple?.words).toMatchObject({ positive: 'film', negative: 'plot' });
  });
});

describe('feedprint feedback triples --rewrite', () => {
  let server: ChatServer;
  /** Rewrites the first text, stops amid the second one's answer, and rewrites the third the wrong way round. */
  beforeAll(async () => {
    server = await startChatServer(({ body }) => {
      const user = body.messages[1]?.content ?? '';
      const answer = (good: string, bad: string) =>
        JSON.stringify({
          positive: `It was ${good}.`,
          neutral: 'It was there.',
          negative: `It was ${bad}.`,
        });
      if (user.includes('GREAT')) return answer('great', 'awful');
      return user.includes('plot')
        ? answer('great', 'awful').slice(0, 30)
        : answer('awful', 'great');
    });
  });
  afterAll(() => server.close());

  test('writes whole texts, and says of every other text why it has none', async () => {
    const out = freshOut();
    const flags = { 'judge-model': 'm', 'judge-url': server.baseURL, rewrite: true } as const;
    const made = await make({ ...flags, out, check: true });
    expect(made.code).toBe(0);
    expect(linesOf(out)).toEqual([
      {
        text: 0,
        prompt: '',
        original: texts[0],
        positive: 'It was great.',
        neutral: 'It was there.',
        negative: 'It was awful.',
      },
    ]);
    expect(made.err).toMatch(/^text 2: unusable, the answer is not JSON with three versions$/m);
    expect(made.err).toMatch(/^text 3: disordered, vader-text scores them positive -0\.4588/m);
    expect(made.err).toMatch(/^dropped: 1 unusable, 1 disordered$/m);
    const json = await make({ ...flags, out: freshOut(), json: true });
    expect(JSON.parse(json.out)).toMatchObject({ triples: 2, dropped: { unusable: 1 } });
  });

  test('fails and writes nothing when no text was rewritten', async () => {
    const out = freshOut();
    const only = join(root, 'one.txt');
    writeFileSync(only, 'a plot\n');
    const flags = { texts: only, 'judge-model': 'm', 'judge-url': server.baseURL, out };
    const { code, err } = await make({ ...flags, rewrite: true });
    expect(code).toBe(1);
    expect(err).toMatch(/^error: none of 1 text was rewritten.*; use a more capable/m);
    expect(existsSync(out)).toBe(false);
  });
});

test.each<[string, Flags, 1 | 2, RegExp]>([
  ['no output', {}, 2, /--out/],
  ['an output that cannot be', { out: join(file, 'x') }, 1, /cannot write .*; /],
  ['a chat model that is not named', { out: 'x', rewrite: true }, 2, /add --judge-model/],
  ['a lexicon that is not there', { out: 'x', lexicon: 'none.tsv' }, 2, /none\.tsv cannot be read/],
  ['no triples', { out: 'x', 'max-triples': 0 }, 2, /at least 1/],
])('feedprint feedback triples refuses %s in one line', async (_, flags, code, says) => {
  const refused = await make(flags);
  expect([refused.code, refused.out]).toEqual([code, '']);
  expect(refused.err).toMatch(says);
  expect(refused.err).toMatch(/^error: /);
  expect(refused.err).not.toMatch(/\n\s+at |This is a bug/);
});

test('feedprint feedback triples refuses texts without words of the feedback, and writes nothing', async () => {
  const plain = join(root, 'plain.txt');
  writeFileSync(plain, 'a film\nthe plot\n');
  const out = freshOut();
  const refused = await make({ texts: plain, out });
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toMatch(/^error: no word of the 2 texts has a positive, .*; use texts/);
  expect(existsSync(out)).toBe(false);
});
