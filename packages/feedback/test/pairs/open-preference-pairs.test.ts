import { expect, test } from '@jest/globals';
import { describePairs, openPreferencePairs, readPreferencePairs } from '../../src/index.ts';
import { fileOf } from '../files.ts';

const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n');

test('gives pairs one after another, with progress, and knows at the end what it read', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => ({
    prompt: `p${i % 2400}`,
    chosen: 'a',
    rejected: 'b',
  }));
  const file = fileOf('pairs.jsonl', lines(...rows));
  const progress: number[] = [];
  const open = await openPreferencePairs(file, { onProgress: (count) => progress.push(count) });
  const prompts: string[] = [];
  for await (const { prompt } of open.pairs) prompts.push(prompt);
  expect(prompts).toEqual(rows.map(({ prompt }) => prompt));
  expect(progress).toEqual([1000, 2000]);
  const { pairs, ...read } = await readPreferencePairs(file);
  expect(pairs).toHaveLength(2500);
  expect(open.summary()).toEqual(read);
  expect(read).toMatchObject({ count: 2500, duplicates: 100 });
});

test('stops where it is told to', async () => {
  async function* endless() {
    for (;;) yield Buffer.from(`${lines({ prompt: 'p', chosen: 'a', rejected: 'b' })}\n`);
  }
  const stop = new AbortController();
  const open = await openPreferencePairs('-', { input: endless(), signal: stop.signal });
  await open.pairs.next();
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(open.pairs.next()).rejects.toMatchObject({ code: 'cancelled', cause: reason });
});

test('is described with its labels and what was left out', async () => {
  const row = (better_response_id: unknown) => ({
    prompt: 'What is it?',
    response_0: 'A  long\nreply that goes on and on',
    response_1: 'Short.',
    better_response_id,
    safer_response_id: 1,
  });
  const file = fileOf('pairs.jsonl', lines(row(0), row(null)));
  expect(describePairs(await readPreferencePairs(file), { columns: 40 })).toBe(
    `1 pair; layout jsonl, PKU-SafeRLHF
left out 1 row: a "better_response_id" that is neither 0 nor 1 (first: ${file}, line 2)
labels better, safer; the first says what is chosen
  prompt    …man: What is it? Assistant:
  chosen    A long reply that goes on a…
  rejected  Short.`,
  );
});
