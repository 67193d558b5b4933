import { expect, test } from '@jest/globals';
import { createRatingsSignal } from '../../src/index.ts';

const rated = (prompt: string, reply: string, rating: number) => ({ prompt, reply, rating });

test('says what was said of the reply to its prompt, and nothing of others', async () => {
  const signal = createRatingsSignal({
    file: 'scores.jsonl',
    ratings: [rated('the film', 'was good', 2), rated('the plot', 'was good', -1)],
  });
  expect([signal.name, signal.granularity, signal.range]).toEqual([
    'scores.jsonl',
    'sequence',
    [-1, 2],
  ]);
  const found = await signal.score([
    { prompt: 'the film', reply: ' was good' },
    { prompt: 'the plot ', reply: 'was good' },
    { prompt: 'the plot', reply: 'was bad' },
    { prompt: '', reply: 'was good' },
  ]);
  expect(found).toEqual([2, -1, undefined, undefined]);
});

test('of a file without prompts, goes by the text of the reply, or of both', async () => {
  const signal = createRatingsSignal({
    file: 'scores.jsonl',
    ratings: [rated('', 'was good', 2), rated('', 'the plot was bad', -1)],
  });
  const found = await signal.score([
    { prompt: 'any', reply: ' was good' },
    { prompt: 'the plot', reply: ' was bad' },
  ]);
  expect(found).toEqual([2, -1]);
});

test('takes the mean of several ratings of one reply', async () => {
  const ratings = [1, 2, 6].map((rating) => rated('a', 'b', rating));
  const signal = createRatingsSignal({ file: 'f', ratings });
  expect(await signal.score([{ prompt: 'a', reply: 'b' }])).toEqual([3]);
});
