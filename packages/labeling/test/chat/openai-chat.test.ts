import { inspect } from 'node:util';
import { FeedprintError } from '@feedprint/core';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import type { OpenAIChatOptions } from '../../src/index.ts';
import { createOpenAIChat } from '../../src/index.ts';

const key = 'sk-test-4f9Qz81LmXw7';
const schema = z.object({ answer: z.enum(['yes', 'no']) });
const messages = [{ role: 'user' as const, content: 'Yes or no?' }];
const noKeyPart = new RegExp(key.slice(8, 14));

let server: ChatServer | undefined;
let environmentKey: string | undefined;
beforeEach(() => {
  environmentKey = process.env['OPENAI_API_KEY'];
  delete process.env['OPENAI_API_KEY'];
});
afterEach(async () => {
  if (environmentKey === undefined) delete process.env['OPENAI_API_KEY'];
  else process.env['OPENAI_API_KEY'] = environmentKey;
  await server?.close();
  server = undefined;
});

async function chatWith(
  replies: ChatReply[] | ((request: SeenRequest, number: number) => ChatReply),
  options: Partial<OpenAIChatOptions> = {},
) {
  const answer =
    typeof replies === 'function'
      ? replies
      : (_request: SeenRequest, number: number) =>
          replies[Math.min(number, replies.length - 1)] as ChatReply;
  const started = await startChatServer(answer);
  server = started;
  return {
    chat: createOpenAIChat({ model: 'm-1', apiKey: key, baseURL: started.baseURL, ...options }),
    seen: started.seen,
  };
}

/** The error that a call fails with; fails if any part of the key shows in anything that could be printed. */
async function failure(call: () => unknown): Promise<FeedprintError> {
  try {
    await call();
  } catch (error) {
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(noKeyPart);
    expect(FeedprintError.is(error)).toBe(true);
    return error as FeedprintError;
  }
  throw new Error('the call did not fail');
}

const soon = { 'retry-after-ms': '1' };

describe('a request', () => {
  test('carries model, messages, temperature, seed, key and the schema', async () => {
    const { chat, seen } = await chatWith(['{"answer":"yes"}'], { seed: 7 });
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(chat.name).toBe('m-1');
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(seen[0]?.body).toMatchObject({
      model: 'm-1',
      messages,
      temperature: 0,
      seed: 7,
      response_format: {
        type: 'json_schema',
        json_schema: {
          strict: true,
          schema: { required: ['answer'], additionalProperties: false },
        },
      },
    });
  });

  test('takes the key from the environment when the model is made', async () => {
    process.env['OPENAI_API_KEY'] = ` ${key}\n`;
    const started = await startChatServer(() => '{"answer":"no"}');
    server = started;
    const chat = createOpenAIChat({ model: 'm-1', baseURL: started.baseURL });
    process.env['OPENAI_API_KEY'] = 'changed-later';
    await chat.complete(messages, schema);
    expect(started.seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  test('goes without a key to a server on loopback that was given none', async () => {
    const started = await startChatServer(() => '{"answer":"no"}');
    server = started;
    const chat = createOpenAIChat({ model: 'm-1', baseURL: started.baseURL });
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'no' });
    expect(started.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  test('goes through an injected fetch', async () => {
    const urls: string[] = [];
    const answer = { choices: [{ message: { content: '{"answer":"no"}' } }] };
    const chat = createOpenAIChat({
      model: 'm-1',
      apiKey: key,
      fetch: async (input) => {
        urls.push(String(input));
        return Response.json(answer);
      },
    });
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'no' });
    expect(urls).toEqual(['https://api.openai.com/v1/chat/completions']);
  });

  test('leaves out for good what the server refuses, and only that', async () => {
    const { chat, seen } = await chatWith(
      ({ body }) => {
        const refuse = (param: string): ChatReply => ({
          status: 400,
          body: { error: { message: 'no', param } },
        });
        if (body.temperature !== undefined) return refuse('temperature');
        if (body.response_format !== undefined)
          return { status: 422, body: { error: 'unknown field' } };
        return '{"answer":"yes"}';
      },
      { seed: 3 },
    );
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(3);
    await chat.complete([{ role: 'user', content: 'Again?' }], schema);
    expect(seen).toHaveLength(4);
    expect(Object.keys(seen[3]?.body ?? {})).toEqual(['model', 'messages', 'seed']);
  });
});

describe('a refused parameter', () => {
  const left = (seen: readonly SeenRequest[]) => Object.keys(seen.at(-1)?.body ?? {}).slice(2);
  const refusal = (status: number, body: unknown, isRefused: (b: SeenRequest['body']) => boolean) =>
    chatWith((request) => (isRefused(request.body) ? { status, body } : '{"answer":"yes"}'));

  test.each<[string, number, unknown]>([
    ['OpenAI’s error', 400, { error: { message: 'Unsupported', param: 'temperature' } }],
    ['words alone', 400, { error: { message: 'it takes no temperature but 1', param: null } }],
    ['words without an envelope', 400, { object: 'error', message: 'no temperature', param: null }],
    ['a list of fields', 422, { detail: [{ loc: ['body', 'temperature'], msg: 'not permitted' }] }],
    ['plain text', 400, 'temperature is fixed'],
    ['an error under status 200', 200, { error: { message: 'no temperature', code: 400 } }],
  ])('is found in %s', async (_, status, body) => {
    const { chat, seen } = await refusal(status, body, (b) => b.temperature !== undefined);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(2);
    expect(left(seen)).toEqual(['response_format']);
  });

  test('is the first one that the words name', async () => {
    const body = { message: 'json_schema is unknown; known are temperature, max_tokens' };
    const { chat, seen } = await refusal(400, body, (b) => b.response_format !== undefined);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(left(seen)).toEqual(['temperature']);
  });

  test('that was not sent ends the request', async () => {
    const body = { error: { message: 'no', param: 'messages' } };
    const { chat, seen } = await chatWith([{ status: 400, body }]);
    expect((await failure(() => chat.complete(messages, schema))).message).toMatch(/400: no/);
    expect(seen).toHaveLength(1);
  });
});

describe('an answer', () => {
  const completion = (content: unknown): ChatReply => ({
    status: 200,
    body: { choices: [{ message: { role: 'assistant', content } }] },
  });

  test.each([
    ['text', [{ type: 'text', text: '{"answer":"yes"}' }]],
    [
      'thoughts and text',
      [
        { type: 'thinking', thinking: [{ type: 'text', text: '{"answer":"no"}' }] },
        { type: 'text', text: '{"answer":"yes"}' },
      ],
    ],
    [
      'thoughts with a text of their own',
      [
        { type: 'reasoning', text: '{"answer":"no"}' },
        { type: 'text', text: '{"answer":"yes"}' },
      ],
    ],
    ['text cut in two', [{ type: 'output_text', text: '{"answer":' }, { text: '"yes"}' }]],
  ])('in parts of %s is joined', async (_, parts) => {
    const { chat, seen } = await chatWith([completion(parts)]);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['in a code fence', 'Sure!\n```json\n{"answer": "yes"}\n```'],
    ['amid prose with other brackets', 'I think {not json} [1] {"answer": "yes"} fits.'],
    ['after thoughts', '<think>{"answer":"no"}? {no}</think>{"answer":"yes"}'],
    ['with further properties', '{"answer":"yes","why":"because of \\"}\\" and {"}'],
  ])('%s is found', async (_name, text) => {
    const { chat, seen } = await chatWith([text]);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(1);
  });

  test('that does not fit is asked for once more, with what was wrong', async () => {
    const { chat, seen } = await chatWith(['{"answer":"perhaps"}', '{"answer":"no"}']);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'no' });
    const [, again] = seen;
    expect(again?.body.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(again?.body.messages[1]?.content).toBe('{"answer":"perhaps"}');
    expect(again?.body.messages[2]?.content).toMatch(/expected one of "yes"\|"no"/);
  });

  test('that never fits becomes undefined after two requests', async () => {
    const { chat, seen } = await chatWith(['Yes.', '']);
    expect(await chat.complete(messages, schema)).toBeUndefined();
    expect(seen).toHaveLength(2);
    expect(seen[1]?.body.messages[2]?.content).toMatch(/holds no JSON/);
  });

  test('that is no chat completion fails', async () => {
    for (const body of ['<html>', '{"choices":[]}', '[]', '{"object":']) {
      const { chat } = await chatWith([{ status: 200, body }], { maxRetries: 0 });
      const error = await failure(() => chat.complete(messages, schema));
      expect(error.code).toBe('service-failed');
      expect(error.remedy).toMatch(/baseURL/);
      await server?.close();
      server = undefined;
    }
  });
});

describe('a failure', () => {
  test('401 names the variable, at once, and repeats no key', async () => {
    const body = {
      error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' },
    };
    const { chat, seen } = await chatWith([{ status: 401, body }]);
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.code).toBe('service-failed');
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ answered with status 401/);
    expect(error.remedy).toMatch(/OPENAI_API_KEY/);
    expect(seen).toHaveLength(1);
  });

  test('quotes the server, but not if its words hold a part of the key', async () => {
    const plain = await chatWith([{ status: 404, body: { error: { message: 'no such model' } } }]);
    const error = await failure(() => plain.chat.complete(messages, schema));
    expect(error.message).toMatch(/status 404: no such model/);
    expect(error.remedy).toMatch(/m-1/);
    await server?.close();
    const echo = { error: { message: `bad header Bearer ...${key.slice(8)}` } };
    const leaky = await chatWith([{ status: 400, body: echo }]);
    const silent = await failure(() => leaky.chat.complete(messages, schema));
    expect(silent.message).toMatch(/status 400; /);
  });

  test.each<[string, ChatReply, RegExp]>([
    [
      'without an envelope',
      { status: 404, body: { object: 'error', message: 'no such model' } },
      /status 404: no such model;/,
    ],
    ['in plain text', { status: 400, body: 'try another' }, /status 400: try another;/],
    ['in HTML', { status: 400, body: '<html>no</html>' }, /status 400;/],
    [
      'under status 200',
      { status: 200, body: { error: { message: 'the model is gone' } } },
      /status 200 and an error: the model is gone;/,
    ],
    [
      'under status 200, beside no choices',
      { status: 200, body: { choices: [], error: { message: 'the model is gone' } } },
      /status 200 and an error: the model is gone;/,
    ],
    [
      'under status 200, without an envelope',
      { status: 200, body: { object: 'error', message: 'the model is gone', code: 404 } },
      /status 200 and an error: the model is gone; check baseURL and the model name m-1/,
    ],
  ])('quotes the server %s', async (_, reply, message) => {
    const { chat } = await chatWith([reply]);
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.code).toBe('service-failed');
    expect(error.message).toMatch(message);
  });

  test('under status 200 is repeated as the status that it states, and holds no part of the key', async () => {
    const loading = (message: string): ChatReply => ({
      status: 200,
      headers: soon,
      body: { error: { message, code: 503 } },
    });
    const { chat, seen } = await chatWith([loading('loading'), '{"answer":"yes"}']);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(2);
    await server?.close();
    const stays = await chatWith([loading('loading')], { maxRetries: 1 });
    const error = await failure(() => stays.chat.complete(messages, schema));
    expect(error.message).toMatch(
      /status 200 and an error \(2 attempts\): loading; try again later/,
    );
    await server?.close();
    const leaky = await chatWith([loading(`key ${key}`)], { maxRetries: 0 });
    await failure(() => leaky.chat.complete(messages, schema));
  });

  test('429 is repeated and then succeeds', async () => {
    const limited = { status: 429, headers: soon, body: { error: { message: 'slow down' } } };
    const { chat, seen } = await chatWith([limited, limited, '{"answer":"yes"}']);
    expect(await chat.complete(messages, schema)).toEqual({ answer: 'yes' });
    expect(seen).toHaveLength(3);
  });

  test('429 that stays says what to do', async () => {
    const { chat, seen } = await chatWith([{ status: 429, headers: soon }], { maxRetries: 2 });
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.message).toMatch(/status 429 \(3 attempts\)/);
    expect(error.remedy).toMatch(/concurrency/);
    expect(seen).toHaveLength(3);
  });

  test('5xx is repeated and then reported', async () => {
    const { chat, seen } = await chatWith(
      [
        { status: 500, headers: soon },
        { status: 503, headers: soon, body: `<h1>down</h1> ${key}` },
      ],
      { maxRetries: 1 },
    );
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.code).toBe('service-failed');
    expect(error.message).toMatch(/status 503 \(2 attempts\)/);
    expect(seen).toHaveLength(2);
  });

  test('silence ends after the time limit', async () => {
    const { chat } = await chatWith([{ status: 200, silent: true }], {
      timeoutMs: 80,
      maxRetries: 0,
    });
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.message).toMatch(/did not answer within 0.08 s \(one attempt\)/);
  });

  test('an answer that stops half-way ends after the time limit', async () => {
    const { chat } = await chatWith([{ status: 200, stall: true, body: '{"choices": []}' }], {
      timeoutMs: 80,
      maxRetries: 0,
    });
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.message).toMatch(/did not answer within 0.08 s/);
  });

  test('a refused connection names the address', async () => {
    const { chat } = await chatWith([''], { maxRetries: 0 });
    await server?.close();
    server = undefined;
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ could not be reached: ECONNREFUSED/);
  });

  test('of fetch itself shows none of its text', async () => {
    const chat = createOpenAIChat({
      model: 'm-1',
      apiKey: key,
      maxRetries: 0,
      fetch: async () => {
        throw new TypeError(`invalid header: Bearer ${key}`);
      },
    });
    const error = await failure(() => chat.complete(messages, schema));
    expect(error.message).toMatch(/api\.openai\.com could not be reached/);
  });
});

describe('unusable options', () => {
  test('a missing key names the variable', async () => {
    for (const baseURL of [undefined, 'https://models.example.org/v1']) {
      const error = await failure(() =>
        createOpenAIChat({ model: 'm-1', ...(baseURL && { baseURL }) }),
      );
      expect(error.code).toBe('service-failed');
      expect(error.remedy).toMatch(/OPENAI_API_KEY/);
    }
  });

  test('a key that cannot stand in a header is refused without being shown', async () => {
    const error = await failure(() => createOpenAIChat({ model: 'm-1', apiKey: `${key}\nx` }));
    expect(error.code).toBe('service-failed');
  });

  test.each([
    'localhost:8000',
    'file:///etc',
    '',
    `https://u:${key}@h.example/v1`,
    `https://h.example/?k=${key}`,
  ])('the address %p is refused', async (baseURL) => {
    const error = await failure(() => createOpenAIChat({ model: 'm-1', apiKey: key, baseURL }));
    expect(error.code).toBe('config-invalid');
  });

  test('numbers out of range are refused', async () => {
    for (const options of [
      { model: '' },
      { maxRetries: -1 },
      { timeoutMs: 0 },
      { temperature: NaN },
    ]) {
      const error = await failure(() =>
        createOpenAIChat({ model: 'm-1', apiKey: key, ...options }),
      );
      expect(error.code).toBe('config-invalid');
    }
  });
});

test('the key shows neither in the model nor on the console', async () => {
  const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map((method) =>
    jest.spyOn(globalThis.console, method).mockImplementation(() => undefined),
  );
  process.env['OPENAI_LOG'] = 'debug';
  try {
    const { chat } = await chatWith([{ status: 500, headers: soon }, '{"answer":"yes"}']);
    await chat.complete(messages, schema);
    expect(inspect(chat, { depth: 9, showHidden: true })).not.toMatch(noKeyPart);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  } finally {
    delete process.env['OPENAI_LOG'];
    for (const spy of spies) spy.mockRestore();
  }
});
