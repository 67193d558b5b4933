import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readPreferencePairs } from '../../src/index.ts';
import { fileOf, parquetOf } from '../files.ts';

const readAll = (...values: readonly unknown[]) =>
  readPreferencePairs(
    fileOf('pairs.jsonl', values.map((value) => JSON.stringify(value)).join('\n')),
  );

const read = async (...values: readonly unknown[]) => (await readAll(...values)).pairs;

const refusal = async (...values: readonly unknown[]): Promise<string> => {
  const error: unknown = await read(...values).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'FeedprintError', code: 'texts-invalid' });
  return (error as Error).message;
};

const user = (content: unknown) => ({ role: 'user', content });
const answer = (content: unknown) => ({ role: 'assistant', content });

test('reads prompt, chosen and rejected, and keeps what is known about a pair', async () => {
  const pairs = await read(
    { prompt: 'a', chosen: ' b', rejected: ' c' },
    { id: 7, split: 'test', prompt: '', chosen: 'x', rejected: 'y', trained_label_agrees: false },
  );
  expect(pairs).toEqual([
    { prompt: 'a', chosen: ' b', rejected: ' c' },
    { id: 7, split: 'test', prompt: '', chosen: 'x', rejected: 'y', trainedLabelAgrees: false },
  ]);
});

test('reads the HH-RLHF layout: the prompt is everything up to the last turn that both share', async () => {
  const shared = '\n\nHuman: hi\n\nAssistant: Hello.\n\nHuman: who?\n\nAssistant:';
  const [pair, later] = await read(
    { chosen: `${shared} I am A.`, rejected: `${shared} I am B.` },
    // A reply may go on for turns of its own, which are then no prompt.
    {
      chosen: `${shared} A\n\nHuman: ok\n\nAssistant: C`,
      rejected: `${shared} B\n\nHuman: ok\n\nAssistant: C`,
    },
  );
  const turns = [user('hi'), answer('Hello.'), user('who?')];
  expect(pair).toEqual({ prompt: shared, chosen: ' I am A.', rejected: ' I am B.', turns });
  expect(later?.prompt).toBe(shared);
  expect(later?.rejected).toBe(' B\n\nHuman: ok\n\nAssistant: C');
  expect(later?.turns).toEqual(turns);
  const goOn = [user('ok'), answer('C')];
  expect(later?.replyTurns).toEqual({
    chosen: [answer('A'), ...goOn],
    rejected: [answer('B'), ...goOn],
  });
});

const hi = {
  prompt: '\n\nHuman: hi\n\nAssistant:',
  chosen: ' A',
  rejected: ' B',
  turns: [user('hi')],
};
const part = (text: string) => [{ type: 'text', text }];

test.each([
  ['apart', { prompt: [user('hi')], chosen: [answer('A')], rejected: [answer('B')] }],
  ['within', { chosen: [user('hi'), answer('A')], rejected: [user('hi'), answer('B')] }],
  [
    'as a text and within',
    { prompt: 'hi', chosen: [user('hi'), answer('A')], rejected: [user('hi'), answer('B')] },
  ],
  [
    'apart and within',
    {
      prompt: [user('hi')],
      chosen: [user('hi'), answer('A')],
      rejected: [user('hi'), answer('B')],
    },
  ],
  ['as a text apart', { prompt: 'hi', chosen: [answer('A')], rejected: [answer('B')] }],
  [
    'as a dialogue apart',
    { prompt: '\n\nHuman: hi', chosen: [answer('A')], rejected: [answer('B')] },
  ],
  ['before texts', { prompt: [user('hi')], chosen: 'A', rejected: 'B' }],
  [
    'before texts of dialogues',
    { prompt: [user('hi')], chosen: '\n\nAssistant: A', rejected: ' B' },
  ],
  [
    'in parts',
    { prompt: [user(part('hi'))], chosen: [answer(part('A'))], rejected: [answer(part('B'))] },
  ],
  [
    'as a text and within dialogues',
    {
      prompt: 'hi',
      chosen: `\n\nHuman: hi\n\nAssistant: A`,
      rejected: `\n\nHuman: hi\n\nAssistant: B`,
    },
  ],
])('reads the same pair from a prompt %s', async (_, record) => {
  expect(await read(record)).toEqual([hi]);
});

test('joins the parts of a content, and keeps turns that follow a reply', async () => {
  const [pair] = await read({
    prompt: [{ role: 'system', content: 's' }, user([...part('h'), ...part('i')])],
    chosen: [answer('A'), user('more'), answer('C')],
    rejected: [answer('B')],
  });
  expect(pair).toEqual({
    prompt: '\n\nSystem: s\n\nHuman: hi\n\nAssistant:',
    chosen: ' A\n\nHuman: more\n\nAssistant: C',
    rejected: ' B',
    turns: [{ role: 'system', content: 's' }, user('hi')],
    replyTurns: { chosen: [answer('A'), user('more'), answer('C')], rejected: [answer('B')] },
  });
});

test('divides conversations before the last turn of the assistant up to which they are the same', async () => {
  const begin = [user('hi'), answer('Hello.'), user('who?')];
  const [pair, same, later] = await read(
    { chosen: [...begin, answer('I')], rejected: [...begin, answer('You')] },
    { chosen: [...begin, answer('I')], rejected: [...begin, answer('I')] },
    { chosen: [...begin, answer('I')], rejected: [user('hi'), answer('Hello.'), user('what?')] },
  );
  expect(pair?.prompt).toBe('\n\nHuman: hi\n\nAssistant: Hello.\n\nHuman: who?\n\nAssistant:');
  expect(same).toEqual({ ...pair, rejected: ' I' });
  expect(later?.prompt).toBe(hi.prompt);
  expect(later?.rejected).toBe(' Hello.\n\nHuman: what?');
});

test('takes null for what is missing', async () => {
  const nulls = { id: null, split: null, trained_label_agrees: null };
  expect(
    await read(
      { ...nulls, prompt: 'a', chosen: 'b', rejected: 'c' },
      { prompt: null, chosen: `${hi.prompt} A`, rejected: `${hi.prompt} B` },
    ),
  ).toEqual([{ prompt: 'a', chosen: 'b', rejected: 'c' }, hi]);
});

test('reads pairs from tables', async () => {
  const csv = 'id,prompt,chosen,rejected,trained_label_agrees\n7,a,b,"c, d",false\n,a,b,c,\n';
  expect((await readPreferencePairs(fileOf('pairs.csv', csv))).pairs).toEqual([
    { id: '7', prompt: 'a', chosen: 'b', rejected: 'c, d', trainedLabelAgrees: false },
    { prompt: 'a', chosen: 'b', rejected: 'c' },
  ]);
  const turns = (reply: string) =>
    `[{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': '${reply}'}]`;
  const parquet = await parquetOf(
    `SELECT 7::BIGINT id, 'hi' prompt, ${turns('A')} chosen, ${turns('B')} rejected`,
  );
  expect(await readPreferencePairs(parquet)).toMatchObject({
    pairs: [{ id: 7, ...hi }],
    layout: 'parquet, conversations',
  });
});

test('reads gzipped files and passes over blank lines', async () => {
  const line = '{"prompt":"é","chosen":"b","rejected":"c"}';
  const path = fileOf('pairs.jsonl.gz', gzipSync(`${line}\r\n\n${line}\n`));
  const { file, pairs, sha256, layout } = await readPreferencePairs(path);
  expect(file).toBe('pairs.jsonl.gz');
  expect(layout).toBe('jsonl, prompt and replies');
  expect(pairs.map(({ prompt }) => prompt)).toEqual(['é', 'é']);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('counts what was read, and shows the first pairs', async () => {
  const pair = (reply: string) => ({ prompt: 'a', chosen: reply, rejected: 'c' });
  const file = await readAll(pair('1'), pair('2'), pair('1'), pair('3'), pair('1'));
  expect(file).toMatchObject({ count: 5, ties: 0, duplicates: 2, signals: [] });
  expect(file.examples).toEqual(file.pairs.slice(0, 3));
});

test('with a limit reads no more than it needs', async () => {
  async function* endless() {
    for (;;) yield Buffer.from('{"prompt":"a","chosen":"b","rejected":"c"}\n');
  }
  const { pairs } = await readPreferencePairs('-', { input: endless(), limit: 2 });
  expect(pairs).toHaveLength(2);
});

const sound = { prompt: 'a', chosen: 'b', rejected: 'c' };

test('leaves out rows that hold no pair, counted and named, up to a share of the file', async () => {
  const empty = { ...sound, rejected: '' };
  const { pairs, skipped } = await readAll(sound, empty);
  expect(pairs).toEqual([sound]);
  expect(skipped).toEqual([
    { reason: 'an empty "rejected" reply', rows: 1, first: expect.stringMatching(/, line 2$/) },
  ]);
  const many = new Array<unknown>(38).fill(sound);
  const all = await readAll(3, ...many, empty);
  expect(all.skipped).toHaveLength(2);
  expect(all.pairs.at(-1)).toEqual({ ...sound, row: 38 });
  expect(await refusal(3, ...many.slice(1), empty)).toMatch(
    /2 of 39 rows hold no pair \(1 row: not an object \(first: .*, line 1\); 1 row: an empty "rejected" reply \(first: .*, line 39\)\); .* 5 %/,
  );
});

test.each([
  [3, /not an object/],
  [{ prompt: 'a', chosen: 'b' }, /no "rejected" that is/],
  [{ ...sound, rejected: null }, /no "rejected" that is/],
  [{ ...sound, chosen: '' }, /an empty "chosen" reply/],
  [{ ...sound, chosen: [answer('')] }, /an empty "chosen" reply/],
  [{ chosen: 'one', rejected: 'two' }, /no "prompt"/],
  [{ ...sound, prompt: 1 }, /a "prompt" that is neither a text nor turns/],
  [
    { ...sound, prompt: { a: 1 }, chosen: [answer('A')] },
    /a "prompt" that is neither a text nor turns/,
  ],
  [{ ...sound, prompt: [{ role: 'user' }] }, /a turn of "prompt" without "role"/],
  [{ ...sound, chosen: [answer([{ type: 'image' }])] }, /a part that is not text \(image\)/],
  [
    { ...sound, prompt: [user('hi')], chosen: [user('A')] },
    /does not begin with a turn of the assistant/,
  ],
  [
    { chosen: [user('hi'), answer('A')], rejected: [user('hello'), answer('B')] },
    /differ before a turn of the assistant/,
  ],
  [
    { prompt: 'else', chosen: [user('hi'), answer('A')], rejected: [user('hi'), answer('B')] },
    /conversations that do not contain the "prompt"/,
  ],
  [
    { prompt: 'else', chosen: `${hi.prompt} A`, rejected: `${hi.prompt} B` },
    /dialogues that do not contain the "prompt"/,
  ],
  [{ ...sound, trained_label_agrees: 'no' }, /neither true nor false/],
  [{ ...sound, id: {} }, /"id"/],
  [{ ...sound, split: 1 }, /"split"/],
])('says why %j is no pair', async (record, reason) => {
  const { skipped } = await readAll(sound, record);
  expect(skipped).toEqual([
    { reason: expect.stringMatching(reason), rows: 1, first: expect.stringMatching(/line 2/) },
  ]);
  expect(await refusal(record)).toMatch(reason);
});

test('refuses a file that is no list of records, naming the line', async () => {
  const attempt = (content: string | Uint8Array, name = 'pairs.jsonl') =>
    readPreferencePairs(fileOf(name, content));
  await expect(attempt('\n')).rejects.toThrow(/holds no pair/);
  await expect(attempt('{"prompt":')).rejects.toThrow(/line 1: not JSON/);
  await expect(readPreferencePairs('/nowhere/pairs.jsonl')).rejects.toThrow(/cannot be read/);
  const truncated = gzipSync('{"prompt":"a"}').subarray(0, 12);
  await expect(attempt(truncated)).rejects.toThrow(/gzip/);
  await expect(attempt(Uint8Array.of(0xf0, 0xfe))).rejects.toThrow(/line 1: not UTF-8/);
});
