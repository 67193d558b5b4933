import { createRandom } from '@feedprint/core';
import type { FeatureEvidence } from '@feedprint/core';
import { chatCompletion, startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLedger, createModelLabeler, createOpenAIChat } from '../../src/index.ts';
import { sensibleAnswer } from '../sensible-model.ts';

let server: ChatServer;
afterEach(() => server.close());

const planted = (i: number): FeatureEvidence => ({
  id: `f/${i}`,
  top: [{ tokens: [' so', ` w${i}.`], activations: [0, 4] }],
  heldOutActive: [{ tokens: [' very', ` w${i}.`], activations: [0, 3] }],
  heldOutSilent: [{ tokens: [' very', ' plain'], activations: [0, 0] }],
  maxActivation: 4,
});

/** What servers do wrong, in turn. */
const faults: readonly ((request: SeenRequest) => ChatReply)[] = [
  () => ({ status: 429, headers: { 'retry-after-ms': '2' } }),
  () => ({ status: 500, headers: { 'retry-after-ms': '1' }, body: 'oops' }),
  () => ({ status: 503, headers: { 'retry-after': '0' }, body: '<html>' }),
  () => ({ status: 200, headers: { 'retry-after-ms': '1' }, body: { error: { code: 502 } } }),
  () => ({ status: 200, silent: true }),
  ({ body }) => ({ status: 200, cut: true, body: chatCompletion(body, 'x'.repeat(99)) }),
  () => ({ status: 200, body: '{"choices": [' }),
];

describe('a server that fails at random one time in five', () => {
  test('gets every feature labelled, and is asked nothing twice that it answered', async () => {
    const random = createRandom(15).fork('faults');
    const answered = new Map<string, number>();
    let failed = 0;
    server = await startChatServer((request) => {
      if (random.next() < 0.2)
        return (faults[failed++ % faults.length] as (typeof faults)[0])(request);
      const asked = JSON.stringify(request.body);
      answered.set(asked, (answered.get(asked) ?? 0) + 1);
      return sensibleAnswer(request);
    });
    const ledger = createLedger();
    const chat = createOpenAIChat({
      model: 'm',
      baseURL: server.baseURL,
      ledger,
      timeoutMs: 1500,
      maxRetries: 8,
    });
    const labeler = createModelLabeler({ chat, concurrency: 16 });
    const labels = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const explanation = (await labeler.explain(planted(i))) ?? '';
        return {
          explanation,
          related: await labeler.classify(explanation, 'Is it about words?'),
          score: await labeler.score(explanation, planted(i)),
        };
      }),
    );
    labels.forEach(({ explanation, related, score }, i) => {
      expect(explanation).toBe(`the word "w${i}."`);
      expect(related).toEqual({ related: false, confidence: 0.9 });
      expect(score).toEqual({ balancedAccuracy: 1, n: 2 });
    });
    expect(failed).toBeGreaterThan(15);
    expect(answered.size).toBe(120);
    expect([...answered.values()].every((times) => times === 1)).toBe(true);
    expect(ledger.totals().answers).toBe(120);
    expect(ledger.totals().lost).toBeGreaterThan(3);
  });
});

const schema = z.object({ n: z.number() });
const ask = (content: string) => [{ role: 'user' as const, content }];

describe('patience', () => {
  test('that one answer asks for is had by all requests', async () => {
    const times: number[] = [];
    server = await startChatServer((_, number) => {
      times.push(performance.now());
      return number === 0 ? { status: 429, headers: { 'retry-after': '0.25' } } : '{"n":1}';
    });
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL });
    const first = chat.complete(ask('a'), schema);
    while (times.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([first, chat.complete(ask('b'), schema), chat.complete(ask('c'), schema)]);
    const waits = times.slice(1).map((time) => time - (times[0] as number));
    expect(waits).toHaveLength(3);
    for (const wait of waits) expect(wait).toBeGreaterThan(240);
  });

  test('beyond the limit is refused, with what was asked', async () => {
    server = await startChatServer(() => ({ status: 429, headers: { 'retry-after': '7200' } }));
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL });
    await expect(chat.complete(ask('a'), schema)).rejects.toThrow(
      /status 429.*asks to wait 7200 s/,
    );
    expect(server.seen).toHaveLength(1);
  });

  test('between requests keeps to so many a minute', async () => {
    server = await startChatServer(() => '{"n":1}');
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL, requestsPerMinute: 1200 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 5 }, (_, i) => chat.complete(ask(`${i}`), schema)));
    expect(performance.now() - start).toBeGreaterThan(4 * 50 - 5);
  });
});

describe('a cancelled chat', () => {
  test('ends requests under way and those that wait', async () => {
    server = await startChatServer((_, number) =>
      number === 0
        ? { status: 500, headers: { 'retry-after': '60' } }
        : { status: 200, silent: true },
    );
    const stop = new AbortController();
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL, signal: stop.signal });
    const waits = chat.complete(ask('a'), schema);
    while (server.seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 2));
    const other = createOpenAIChat({ model: 'm', baseURL: server.baseURL, signal: stop.signal });
    const hangs = other.complete(ask('b'), schema);
    while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    stop.abort();
    for (const asked of [waits, hangs, chat.complete(ask('c'), schema)]) {
      await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    }
  });
});

describe('an answer of a faulty server', () => {
  const cutOff = (content: string) => ({
    status: 200,
    body: { choices: [{ finish_reason: 'length', message: { content } }] },
  });

  test('that was cut off is asked for again, unless it is whole', async () => {
    const replies = [cutOff('{"n":1} or rather, let me'), cutOff('{"n":2}\n\n\n')];
    server = await startChatServer((_, number) => replies[number] as ChatReply);
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL });
    expect(await chat.complete(ask('a'), schema)).toEqual({ n: 2 });
    expect(server.seen[1]?.body.messages.at(-1)?.content).toMatch(/cut off/);
  });

  test('that is refused twice is none', async () => {
    const refusal = {
      status: 200,
      body: { choices: [{ message: { content: null, refusal: 'I cannot help with that.' } }] },
    };
    server = await startChatServer(() => refusal);
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL });
    expect(await chat.complete(ask('a'), schema)).toBeUndefined();
    expect(server.seen).toHaveLength(2);
  });

  test('is limited by the name of the parameter that the server takes', async () => {
    server = await startChatServer(({ body }) =>
      body.max_completion_tokens === undefined
        ? '{"n":1}'
        : {
            status: 422,
            body: { detail: [{ loc: ['body', 'max_completion_tokens'], msg: 'extra' }] },
          },
    );
    const chat = createOpenAIChat({ model: 'm', baseURL: server.baseURL, maxTokens: 50 });
    expect(await chat.complete(ask('a'), schema)).toEqual({ n: 1 });
    await chat.complete(ask('b'), schema);
    expect(server.seen).toHaveLength(3);
    expect(server.seen[2]?.body).toMatchObject({ max_tokens: 50 });
  });
});
