import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPreferencePairs, readRatings } from '../../src/index.ts';
import { fileOf, parquetOf } from '../files.ts';

const read = async (...rows: readonly unknown[]) =>
  (await readRatings(fileOf('ratings.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))))
    .ratings;

const user = (content: string) => ({ role: 'user', content });
const answer = (content: string) => ({ role: 'assistant', content });
const hi = { prompt: '\n\nHuman: hi\n\nAssistant:', turns: [user('hi')] };

test('TRL: unpaired completions with a label, texts or turns', async () => {
  expect(
    await read(
      { prompt: 'The sky is', completion: ' blue.', label: true },
      { prompt: [user('hi')], completion: [answer('bad')], label: false },
    ),
  ).toEqual([
    { prompt: 'The sky is', reply: ' blue.', rating: 1, label: true },
    { ...hi, reply: ' bad', rating: 0, label: false },
  ]);
  const parquet = await parquetOf(
    `SELECT [{'role': 'user', 'content': 'hi'}] prompt,
            [{'role': 'assistant', 'content': 'good'}] completion, true AS label`,
  );
  expect(await readRatings(parquet)).toMatchObject({
    layout: 'parquet, prompt, completion and label',
    ratings: [{ ...hi, reply: ' good', rating: 1, label: true }],
  });
});

test('LLaMA-Factory: conversations or instructions with a tag', async () => {
  expect(
    await read(
      {
        conversations: [
          { from: 'human', value: 'hi' },
          { from: 'gpt', value: 'good' },
        ],
        kto_tag: true,
      },
      { instruction: 'hi', input: '', output: 'bad', kto_tag: 'false' },
      { messages: [user('hi'), answer('good')], kto_tag: true },
    ),
  ).toEqual([
    { ...hi, reply: ' good', rating: 1, label: true },
    { ...hi, reply: ' bad', rating: 0, label: false },
    { ...hi, reply: ' good', rating: 1, label: true },
  ]);
});

test('HelpSteer, and replies or texts with a score', async () => {
  expect(
    await read(
      { prompt: 'hi', response: 'good', helpfulness: 3, correctness: 1 },
      { id: 7, prompt: 'Q', reply: 'A', score: -0.5 },
      { text: 'alone', rating: '4' },
    ),
  ).toEqual([
    { ...hi, reply: ' good', rating: 3 },
    { id: 7, prompt: 'Q', reply: 'A', rating: -0.5 },
    { prompt: '', reply: 'alone', rating: 4 },
  ]);
});

test('keeps prompt and reply apart, whatever is in them', async () => {
  const words = fc
    .array(fc.constantFrom('the', 'Human:', '"', '\n', '[', '{', 'é'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((pieces) => pieces.join(' '));
  await fc.assert(
    fc.asyncProperty(words, words, fc.boolean(), async (asked, reply, label) => {
      const [plain, chat] = await read(
        { prompt: asked, completion: reply, label },
        { prompt: [user(asked)], completion: [answer(reply)], label },
      );
      expect(plain).toEqual({ prompt: asked, reply, rating: Number(label), label });
      expect(chat).toMatchObject({ turns: [user(asked)], reply: ` ${reply}`, label });
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('leaves out rows without a rating, and refuses a file of them', async () => {
  const sound = { prompt: 'p', completion: 'c', label: true };
  const { skipped } = await readRatings(
    fileOf('r.jsonl', [sound, { ...sound, label: 2 }].map((row) => JSON.stringify(row)).join('\n')),
  );
  expect(skipped[0]?.reason).toBe('a "label" that is neither true nor false');
  await expect(read({ prompt: 'p' })).rejects.toThrow(/neither a reply with a label nor one/);
  await expect(read({ ...sound, completion: '' })).rejects.toThrow(/an empty reply/);
  await expect(read('text')).rejects.toThrow(/not an object/);
  await expect(readPreferencePairs(fileOf('r.jsonl', JSON.stringify(sound)))).rejects.toThrow(
    /ratings of single replies, not pairs/,
  );
});
