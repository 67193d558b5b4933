import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { Reply } from '@feedprint/core';
import { scoreReplies } from '../../../src/audit/told/score-replies.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const replies: readonly Reply[] = Array.from({ length: 200 }, (_, i) => ({
  prompt: `"${i % 5}"\n`,
  reply: `reply ${i % 150} \\`,
}));
const scoreOf = ({ reply }: Reply): number | undefined =>
  reply.includes('7') ? undefined : -reply.length / 3;
const expected = replies.map((reply) => scoreOf(reply) ?? null);

let kept: string;
let asked: number;
const signal = {
  name: 'counting',
  settings: {},
  score: (batch: readonly Reply[]) => {
    asked += batch.length;
    return Promise.resolve(batch.map(scoreOf));
  },
};
const quietly = (): void => undefined;

beforeEach(async () => {
  kept = join(await temporaryFolder(), 'checkpoints', 'kept.jsonl');
  asked = 0;
});

test('scores each distinct reply once, in the order given, null where nothing is said', async () => {
  const progress: number[] = [];
  const scores = await scoreReplies(signal, replies, {
    kept,
    onProgress: (done, total) => void progress.push(done / total),
  });
  expect(scores).toEqual(expected);
  expect(asked).toBe(150);
  expect([progress[0], progress.at(-1)]).toEqual([0, 1]);
});

test('asks for nothing again that an interrupted start was told, even where it was cut short while writing', async () => {
  const stopping = (done: number): void => {
    if (done > 100) throw new Error('stop');
  };
  await expect(scoreReplies(signal, replies, { kept, onProgress: stopping })).rejects.toThrow(
    'stop',
  );
  expect(asked).toBe(128);
  const whole = await readFile(kept, 'utf8');
  await appendFile(kept, whole.slice(0, 12));
  expect(await scoreReplies(signal, replies, { kept, onProgress: quietly })).toEqual(expected);
  expect(asked).toBe(150);
});

test('refuses a score that is not finite', async () => {
  const broken = { ...signal, score: () => Promise.resolve([NaN]) };
  await expect(
    scoreReplies(broken, replies.slice(0, 1), { kept, onProgress: quietly }),
  ).rejects.toMatchObject({ code: 'numbers-invalid' });
});

test('what scores by pair is asked for every pair, however alike the replies are', async () => {
  const same = ['a', 'b'].map((pair) => ({
    prompt: '',
    reply: 'x',
    pair,
    side: 'chosen' as const,
  }));
  const byPair = {
    ...{ name: 'by pair', settings: {}, byPair: true },
    score: async (of: readonly { readonly pair?: string }[]) =>
      of.map(({ pair }) => (pair === 'a' ? 1 : 2)),
  };
  expect(await scoreReplies(byPair, same, { kept, onProgress: quietly })).toEqual([1, 2]);
});
