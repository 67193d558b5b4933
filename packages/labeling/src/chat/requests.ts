import { createHash } from 'node:crypto';
import { FeedprintError } from '@feedprint/core';
import type { ChatMessage } from '@feedprint/core';
import { APIConnectionError, APIError } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { AnswerStore, ChatAnswer, TokenUsage } from './answer-store.ts';
import { completionSchema } from './completion.ts';
import type { Ledger } from './ledger.ts';
import { refusedParameter, toServiceError } from './service-errors.ts';
import type { ServiceContext } from './service-errors.ts';
import { ConnectionFailure } from './service-fetch.ts';

export type RequestBody = ChatCompletionCreateParamsNonStreaming;

export interface RequestsOptions {
  /** Root of the API; part of what tells requests apart. */
  readonly url: string;
  readonly context: ServiceContext;
  readonly answers: AnswerStore;
  readonly ledger: Ledger;
  /** Sends one request and gives the body of the answer; `key` is the request's. */
  readonly send: (body: RequestBody, key: string) => Promise<unknown>;
  readonly retrying: <T>(attempt: () => Promise<T>) => Promise<T>;
}

/** Most tokens that an answer is taken to have where requests set no limit. */
const unlimited = 16_384;

/**
 * Asks nothing twice: equal requests get the first answer, even while it is still awaited, and answers are kept as soon as
 * they come in; failures are not. What each attempt takes is put aside before and entered after.
 *
 * Parameters that the server refuses are left out from then on; a limit of tokens is then sent under its former name.
 */
export function createRequests(
  options: RequestsOptions,
): (body: RequestBody) => Promise<ChatAnswer> {
  const { url, context, answers, ledger, send, retrying } = options;
  const unsupported = new Set<string>();
  const underWay = new Map<string, Promise<ChatAnswer>>();

  async function pay(body: RequestBody, key: string): Promise<ChatAnswer> {
    const most = mostUsage(body);
    const settle = await ledger.reserve(most);
    try {
      const answer = readCompletion(await send(body, key), most, context.host);
      // Kept before anything else can go wrong.
      settle(answer.usage);
      return answer;
    } catch (error) {
      settle(wasRefused(error) ? 'none' : 'lost');
      throw error;
    }
  }

  async function request(body: RequestBody, key: string): Promise<ChatAnswer> {
    const refused = new Set(unsupported);
    for (;;) {
      const sent = omit(body, refused);
      try {
        const answer = await retrying(() => pay(sent, key));
        answers.set(key, answer, body.messages.map(asAsked));
        // Only a request that succeeded without a parameter shows that the parameter was the problem.
        for (const parameter of refused) unsupported.add(parameter);
        return answer;
      } catch (error) {
        const parameter = refusedParameter(error, sent);
        if (parameter === undefined) throw toServiceError(error, context);
        refused.add(parameter);
      }
    }
  }

  return async (body) => {
    const key = createHash('sha256')
      .update(JSON.stringify([url, body]))
      .digest('hex');
    const kept = answers.get(key);
    if (kept !== undefined) return kept;
    const asked = underWay.get(key) ?? request(body, key).finally(() => underWay.delete(key));
    underWay.set(key, asked);
    return asked;
  };
}

/** A message as the labelers and judges wrote it. */
const asAsked = ({ role, content }: RequestBody['messages'][number]): ChatMessage => ({
  role: role === 'system' || role === 'assistant' ? role : 'user',
  content: typeof content === 'string' ? content : '',
});

/** A request's tokens at most: none is shorter than a byte. */
function mostUsage({ messages, response_format, max_completion_tokens, max_tokens }: RequestBody) {
  return {
    input: Buffer.byteLength(JSON.stringify([messages, response_format])),
    output: max_completion_tokens ?? max_tokens ?? unlimited,
  };
}

function readCompletion(response: unknown, most: TokenUsage, host: string): ChatAnswer {
  const completion = completionSchema.safeParse(response);
  if (!completion.success) {
    throw new FeedprintError({
      code: 'service-failed',
      message: `${host} answered with something that is not a chat completion`,
      remedy: 'check that baseURL is the root of an OpenAI-compatible API (it often ends in /v1)',
    });
  }
  const { text, tokens, cutOff, usage } = completion.data;
  return {
    text,
    ...(tokens && { tokens }),
    ...(cutOff && { cutOff }),
    usage: usage ?? { input: most.input, output: Buffer.byteLength(text) },
  };
}

/** Whether a failed request certainly took nothing. */
function wasRefused(error: unknown): boolean {
  if (error instanceof APIConnectionError) {
    const { cause } = error;
    return cause instanceof ConnectionFailure && cause.neverArrived;
  }
  return error instanceof APIError && error.status !== undefined;
}

function omit(body: RequestBody, names: ReadonlySet<string>): RequestBody {
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
  if (!('logprobs' in kept)) delete kept['top_logprobs'];
  const limit = body.max_completion_tokens;
  if (limit !== undefined && !('max_completion_tokens' in kept) && !names.has('max_tokens')) {
    kept['max_tokens'] = limit;
  }
  return kept as unknown as RequestBody;
}
