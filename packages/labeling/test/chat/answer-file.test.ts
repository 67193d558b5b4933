import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer } from '@feedprint/core/testing';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createOpenAIChat, openAnswerFile } from '../../src/index.ts';
import type { AnswerStore, OpenAIChatOptions } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-answers-'));
afterAll(() => rmSync(folder, { recursive: true }));
let server: ChatServer;
afterEach(() => server.close());

const key = 'sk-test-4f9Qz81LmXw7';
const schema = z.object({ score: z.number() });
const ask = (content: string) => [{ role: 'user' as const, content }];
const serve = async (answers: readonly ChatReply[]) => {
  server = await startChatServer((_, number) => answers[number % answers.length] as ChatReply);
};
const chatOf = (answers?: AnswerStore, options: Partial<OpenAIChatOptions> = {}) =>
  createOpenAIChat({
    model: 'm',
    baseURL: server.baseURL,
    apiKey: key,
    ...(answers && { answers }),
    ...options,
  });

describe('answers', () => {
  test('are asked for once, also while the first is awaited, and when they are of no use', async () => {
    await serve(['{"score":1}', 'none', 'none', '{"score":3}']);
    const chat = chatOf();
    const both = [chat.complete(ask('a'), schema), chat.complete(ask('a'), schema)];
    expect(await Promise.all(both)).toEqual([{ score: 1 }, { score: 1 }]);
    for (let i = 0; i < 2; i++) {
      expect(await chat.complete(ask('b'), schema)).toBeUndefined();
      expect(await chat.complete(ask('c'), schema)).toEqual({ score: 3 });
      expect(await chat.complete(ask('a'), schema)).toEqual({ score: 1 });
    }
    expect(server.seen).toHaveLength(4);
  });

  test('are asked for again with another schema, role, model, temperature, seed or limit', async () => {
    await serve(['{"score":1}']);
    const store: AnswerStore = new Map();
    const chat = chatOf(store);
    await chat.complete(ask('a'), schema);
    await chat.complete(ask('a'), z.object({ score: z.number().max(5) }));
    await chat.complete([{ role: 'system', content: 'a' }], schema);
    for (const options of [{ model: 'n' }, { temperature: 1 }, { seed: 1 }, { maxTokens: 9 }]) {
      await chatOf(store, options).complete(ask('a'), schema);
    }
    expect(server.seen).toHaveLength(7);
    await chatOf(store).complete(ask('a'), schema);
    expect(server.seen).toHaveLength(7);
  });

  test('are not what failures are', async () => {
    await serve([{ status: 500 }, '{"score":2}']);
    const chat = chatOf(undefined, { maxRetries: 0 });
    await expect(chat.complete(ask('a'), schema)).rejects.toThrow('status 500');
    expect(await chat.complete(ask('a'), schema)).toEqual({ score: 2 });
  });
});

describe('a file of answers', () => {
  test('gives them to the next run with what they took, a line that was cut off aside', async () => {
    await serve(['{"score":1}', 'none', 'none', '{"score":9}']);
    const path = join(folder, 'answers.jsonl');
    const once = chatOf(openAnswerFile(path));
    await once.complete(ask('a'), schema);
    await once.complete(ask('b'), schema);
    appendFileSync(path, '{"key":"cut o');
    const file = openAnswerFile(path);
    expect(file.size).toBe(3);
    const again = chatOf(file);
    expect(await again.complete(ask('a'), schema)).toEqual({ score: 1 });
    expect(await again.complete(ask('b'), schema)).toBeUndefined();
    expect(await again.complete(ask('c'), schema)).toEqual({ score: 9 });
    expect(server.seen).toHaveLength(4);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.startsWith('{"key":"'))).toEqual(Array(5).fill(true));
    // Three of one character, the second request for b with both turns; answers of 11, 4, 4 and 11 characters.
    expect(file.used().output).toBe(3 + 1 + 1 + 3);
    expect(file.used().input).toBeGreaterThan(3 * 1 + 1);
  });

  test('holds no part of the key', async () => {
    await serve(['{"score":1}']);
    const path = join(folder, 'keyless.jsonl');
    await chatOf(openAnswerFile(path)).complete(ask('a'), schema);
    const text = readFileSync(path, 'utf8');
    for (let i = 0; i + 6 <= key.length; i++) expect(text).not.toContain(key.slice(i, i + 6));
  });

  test('that cannot be is refused', async () => {
    await serve(['{}']);
    writeFileSync(join(folder, 'file'), '');
    const store = openAnswerFile(join(folder, 'none', 'answers.jsonl'));
    const answer = { text: '', usage: { input: 1, output: 0 } };
    expect(() => store.set('a', answer)).toThrow(/cannot write .*answers.jsonl \(ENOENT\); choose/);
    expect(() => openAnswerFile(folder)).toThrow(/EISDIR/);
  });
});
