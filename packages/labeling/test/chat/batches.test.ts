import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createOpenAIChat, openAnswerFile, openBatchBook } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedprint-batches-'));
afterAll(() => rmSync(folder, { recursive: true }));
let server: ChatServer;
afterEach(() => server.close());

const schema = z.object({ n: z.number() });
const ask = (content: string) => [{ role: 'user' as const, content }];
const batchOf = (pollMs: number) => ({ gatherMs: 20, pollMs });

test('requests go as one batch, and what it refuses is told or asked again', async () => {
  let failures = 0;
  server = await startChatServer(({ body }: SeenRequest): ChatReply => {
    const said = body.messages.at(-1)?.content;
    if (said === 'busy' && failures++ === 0)
      return { status: 500, body: { error: { message: 'busy' } } };
    if (said === 'bad') return { status: 400, body: { error: { message: 'no such thing' } } };
    return said === 'late' ? { status: 200, silent: true } : '{"n":7}';
  });
  const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL, batch: batchOf(5) });
  const asked = ['a', 'b', 'busy', 'bad', 'late'].map((said) => chat.complete(ask(said), schema));
  const results = await Promise.allSettled(asked);
  expect(results.slice(0, 3)).toEqual(Array(3).fill({ status: 'fulfilled', value: { n: 7 } }));
  expect(results[3]).toHaveProperty(
    'reason.message',
    expect.stringMatching(/status 400: no such thing/),
  );
  expect(results[4]).toHaveProperty(
    'reason.message',
    expect.stringMatching(/ended without an answer/),
  );
  expect(server.seen).toHaveLength(0);
  // The busy one again; then the bad one, without the format that it might have been about.
  expect(server.batches()).toBe(3);
  expect(server.seenInBatches).toHaveLength(7);
});

test('batches that were under way when a run ended are collected, not asked for again', async () => {
  server = await startChatServer(() => '{"n":7}');
  const files = () => ({
    answers: openAnswerFile(join(folder, 'answers.jsonl')),
    book: openBatchBook(join(folder, 'batches.jsonl')),
  });
  const first = files();
  const stop = new AbortController();
  const ended = createOpenAIChat({
    ...{ model: 'm', baseURL: server.baseURL, answers: first.answers, signal: stop.signal },
    batch: { ...batchOf(60_000), book: first.book },
  });
  const waits = Promise.allSettled(['a', 'b'].map((said) => ended.complete(ask(said), schema)));
  while (server.batches() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop.abort();
  expect((await waits).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const { answers, book } = files();
  const again = createOpenAIChat({
    ...{ model: 'm', baseURL: server.baseURL, answers },
    batch: { ...batchOf(5), book },
  });
  const results = ['a', 'b', 'c'].map((said) => again.complete(ask(said), schema));
  expect(await Promise.all(results)).toEqual(Array(3).fill({ n: 7 }));
  expect(server.batches()).toBe(2);
  expect(server.seenInBatches).toHaveLength(3);
  expect(answers.size).toBe(3);
});
