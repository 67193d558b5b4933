import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readPreferencePairs } from '../src/index.ts';

async function fileOf(content: string | Uint8Array, name = 'pairs.jsonl'): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'feedprint-pairs-')), name);
  await writeFile(path, content);
  return path;
}

const read = async (...values: readonly unknown[]) => {
  const lines = values.map((value) => JSON.stringify(value));
  return (await readPreferencePairs(await fileOf(lines.join('\n')))).pairs;
};

const refusal = async (...values: readonly unknown[]): Promise<string> => {
  const error: unknown = await read(...values).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'FeedprintError', code: 'texts-invalid' });
  return (error as Error).message;
};

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
  expect(pair).toEqual({ prompt: shared, chosen: ' I am A.', rejected: ' I am B.' });
  expect(later?.prompt).toBe(shared);
  expect(later?.rejected).toBe(' B\n\nHuman: ok\n\nAssistant: C');
});

test('writes conversations as HH-RLHF does, with the prompt apart or within', async () => {
  const user = { role: 'user', content: 'hi' };
  const answer = (content: string) => ({ role: 'assistant', content });
  const expected = { prompt: '\n\nHuman: hi\n\nAssistant:', chosen: ' A', rejected: ' B' };
  expect(
    await read(
      { prompt: [user], chosen: [answer('A')], rejected: [answer('B')] },
      { chosen: [user, answer('A')], rejected: [user, answer('B')] },
    ),
  ).toEqual([expected, expected]);
});

test('reads gzipped files and passes over blank lines', async () => {
  const line = '{"prompt":"é","chosen":"b","rejected":"c"}';
  const path = await fileOf(gzipSync(`${line}\r\n\n${line}\n`), 'pairs.jsonl.gz');
  const { file, pairs, sha256 } = await readPreferencePairs(path);
  expect(file).toBe('pairs.jsonl.gz');
  expect(pairs.map(({ prompt }) => prompt)).toEqual(['é', 'é']);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('refuses what is no pair, naming the line', async () => {
  const sound = { prompt: 'a', chosen: 'b', rejected: 'c' };
  expect(await refusal(sound, 3)).toMatch(/line 2: no object/);
  expect(await refusal(sound, { prompt: 'a', chosen: 'b' })).toMatch(/line 2: no "rejected"/);
  expect(await refusal({ ...sound, chosen: '' })).toMatch(/line 1: an empty "chosen" reply/);
  expect(await refusal({ chosen: 'one', rejected: 'two' })).toMatch(/line 1: no "prompt"/);
  expect(await refusal({ ...sound, prompt: [{ role: 'user' }] })).toMatch(/without "role"/);
  expect(await refusal({ ...sound, trained_label_agrees: 'no' })).toMatch(/neither true nor false/);
  expect(await refusal({ ...sound, id: {} })).toMatch(/"id"/);
  expect(await refusal({ ...sound, split: 1 })).toMatch(/"split"/);
  await expect(readPreferencePairs(await fileOf('\n'))).rejects.toThrow(/holds no pair/);
  await expect(readPreferencePairs(await fileOf('{"prompt":'))).rejects.toThrow(/line 1: not JSON/);
  await expect(readPreferencePairs('/nowhere/pairs.jsonl')).rejects.toThrow(/cannot be read/);
  const truncated = gzipSync('{"prompt":"a"}').subarray(0, 12);
  await expect(readPreferencePairs(await fileOf(truncated, 'p.jsonl.gz'))).rejects.toThrow(/gzip/);
  await expect(readPreferencePairs(await fileOf(Uint8Array.of(0xff, 0xfe)))).rejects.toThrow(
    /line 1: not UTF-8/,
  );
});
