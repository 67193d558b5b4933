import type { ChatMessage, ChatModel } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';
import OpenAI from 'openai';
import { z } from 'zod';
import type { AnswerStore, ChatAnswer } from './answer-store.ts';
import { createBatchSender } from './batch-sender.ts';
import type { BatchOptions } from './batch-sender.ts';
import { createLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { parseAnswer } from './parse-answer.ts';
import type { ParsedAnswer } from './parse-answer.ts';
import { createRequestPace } from './request-pace.ts';
import { createRequests } from './requests.ts';
import type { RequestBody } from './requests.ts';
import { cancelled, createRetrying, createSleep } from './retrying.ts';
import { createSafeFetch } from './service-fetch.ts';
import { parseServiceAddress, resolveKey } from './service-settings.ts';

export interface OpenAIChatOptions {
  /** The server's name for the model: `gpt-4.1-mini`. */
  readonly model: string;
  /** Where an OpenAI-compatible server listens. Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** Default: the environment variable OPENAI_API_KEY when this function is called. Not needed by a server on loopback. */
  readonly apiKey?: string;
  /** Default: Node's own, which knows no proxies. */
  readonly fetch?: typeof fetch;
  /** How often a request is repeated after 408, 409, 429, 5xx and failed connections. Default 4. */
  readonly maxRetries?: number;
  /** The longest pause that a server may ask for (`Retry-After`). Default 600,000. */
  readonly maxWaitMs?: number;
  /** Requests that may begin in any minute. Default: no limit but what the server asks for. */
  readonly requestsPerMinute?: number;
  /** For one attempt, including the body of its answer. Default 60,000. */
  readonly timeoutMs?: number;
  /** Default 0. */
  readonly temperature?: number;
  /** Asks servers that support it for repeatable sampling. */
  readonly seed?: number;
  /** Tokens that one answer may have, thoughts included. Default: 4,096 with a ledger, else no limit. */
  readonly maxTokens?: number;
  /** Where answers are kept, by their whole requests; see `openAnswerFile`. Default: in memory. */
  readonly answers?: AnswerStore;
  /** Counts tokens and money, and keeps within a budget. */
  readonly ledger?: Ledger;
  /** Sends requests through the Batch API, at half the price and within a day. Default: one by one. */
  readonly batch?: BatchOptions;
  /** Ends waiting and requests under way, which then throw `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Tokens that are asked for in each place: the most that OpenAI's service gives. */
const mostLikely = 20;

const settingsSchema = z.object({
  model: z.string().min(1),
  maxRetries: z.int().min(0).default(4),
  timeoutMs: z.int().min(1).max(2_147_483_647).default(60_000),
  temperature: z.number().min(0).default(0),
  seed: z.int().optional(),
  maxWaitMs: z.number().min(0).default(600_000),
  requestsPerMinute: z.number().positive().optional(),
  maxTokens: z.int().min(1).optional(),
});

/**
 * A chat model behind OpenAI's API or a server that speaks it.
 *
 * Asks for JSON of the schema (`response_format`), reads the answer loosely, and if it does not fit, asks once more, saying
 * what was wrong. `response_format`, `temperature`, `seed` and log-probabilities are left out from then on if the server refuses them, by name
 * or in words. An answer may come in parts, after thoughts, or as an error under status 200. Nothing is asked twice that had an
 * answer, even an unusable one.
 *
 * Throws `service-failed` for a missing key and failing requests, `budget-reached` by the ledger, `config-invalid` for
 * unusable options. The key is in no message, cause, log or answer.
 */
export function createOpenAIChat(options: OpenAIChatOptions): ChatModel {
  const parsed = settingsSchema.safeParse(options);
  if (!parsed.success) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `the chat model's options are invalid: ${z.prettifyError(parsed.error)}`,
      remedy: 'correct them',
    });
  }
  const { model, maxRetries, timeoutMs, temperature, seed, maxWaitMs } = parsed.data;
  const { ledger, answers = new Map<string, ChatAnswer>(), signal } = options;
  const maxTokens = parsed.data.maxTokens ?? (ledger && 4096);
  const address = parseServiceAddress(options.baseURL);
  const key = resolveKey(options.apiKey, address);
  const client = new OpenAI({
    // The client insists on a key; without one, the header is left out below.
    apiKey: key ?? 'none',
    adminAPIKey: null,
    baseURL: address.url,
    ...(address.official ? {} : { organization: null, project: null }),
    ...(key === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    fetch: createSafeFetch(options.fetch ?? fetch, { timeoutMs, signal }),
    logLevel: 'off',
    // Retries are ours: the client's own do not wait for longer than a minute, each for itself.
    maxRetries: 0,
    timeout: timeoutMs,
  });
  const sleep = createSleep(signal);
  const perMinute = parsed.data.requestsPerMinute;
  const pace = createRequestPace({ sleep, ...(perMinute !== undefined && { perMinute }) });
  const retrying = createRetrying({ maxRetries, maxWaitMs, pace, sleep });
  const send = options.batch
    ? createBatchSender({ ...options.batch, client, sleep, retrying })
    : (body: RequestBody) => client.chat.completions.create(body);
  const ask = createRequests({
    url: address.url,
    context: { model, host: address.host, key, maxRetries, timeoutMs },
    answers,
    ledger: ledger ?? createLedger(),
    retrying,
    send: async (body, requestKey) => {
      if (signal?.aborted) throw cancelled();
      try {
        return await send(body, requestKey);
      } catch (error) {
        throw signal?.aborted ? cancelled() : error;
      }
    },
  });

  const bodyOf = (messages: readonly ChatMessage[]): RequestBody => ({
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    temperature,
    ...(seed === undefined ? {} : { seed }),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
  });
  let givesTokens = true;

  return {
    name: model,
    complete: async (messages, schema) => {
      const body = (asked: readonly ChatMessage[]): RequestBody => ({
        ...bodyOf(asked),
        ...responseFormat(schema),
      });
      const answer = await ask(body(messages));
      const first = readAnswer(answer, schema);
      if (first.ok) return first.value;
      const retry = await ask(
        body([
          ...messages,
          { role: 'assistant', content: answer.text },
          {
            role: 'user',
            content: `This answer cannot be used: ${first.problem}\nAnswer again, with the JSON alone.`,
          },
        ]),
      );
      const second = readAnswer(retry, schema);
      return second.ok ? second.value : undefined;
    },
    write: async (messages) => {
      // What gave none once would be paid for in vain.
      if (!givesTokens) return undefined;
      const { text, tokens, cutOff } = await ask({
        ...bodyOf(messages),
        logprobs: true,
        top_logprobs: mostLikely,
      });
      if (!tokens && text !== '') givesTokens = false;
      return cutOff ? undefined : tokens;
    },
  };
}

/** An answer that was cut off counts only if it is nothing but JSON: a part of one may be a draft before the answer. */
function readAnswer<T>({ text, cutOff }: ChatAnswer, schema: z.ZodType<T>): ParsedAnswer<T> {
  if (!cutOff) return parseAnswer(text, schema);
  const whole = /^\s*\{.*\}\s*$/s.test(text) ? parseAnswer(text, schema) : undefined;
  return whole?.ok ? whole : { ok: false, problem: 'it was cut off before its end; be brief' };
}

/** Structured output for schemas of objects; nothing for those that JSON Schema cannot express. */
function responseFormat(schema: z.ZodType): Pick<RequestBody, 'response_format'> {
  let jsonSchema: Record<string, unknown>;
  try {
    jsonSchema = { ...z.toJSONSchema(schema) };
  } catch {
    return {};
  }
  if (jsonSchema['type'] !== 'object') return {};
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: jsonSchema },
    },
  };
}
