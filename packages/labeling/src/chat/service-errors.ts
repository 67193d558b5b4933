import { FeedprintError } from '@feedprint/core';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { askedPause } from './retrying.ts';
import { ConnectionFailure } from './service-fetch.ts';
import type { ServerError } from './service-fetch.ts';

/** What an error message needs to know about a request. */
export interface ServiceContext {
  readonly model: string;
  readonly host: string;
  readonly key: string | undefined;
  readonly maxRetries: number;
  readonly timeoutMs: number;
}

/** Optional parameters, and what servers call them when they refuse them. */
const optionalParameters = {
  temperature: /\btemperature\b/i,
  seed: /\bseed\b/i,
  max_completion_tokens: /\bmax_completion_tokens\b/i,
  max_tokens: /\bmax_tokens\b/i,
  top_logprobs: /\btop_logprobs\b/i,
  logprobs: /\blog_?probs\b/i,
  response_format: /\bresponse_format\b|\bjson_schema\b|\bstructured outputs?\b/i,
} as const;
export type OptionalParameter = keyof typeof optionalParameters;

/**
 * Which optional parameter of a request a refusal (400 or 422) is about: the one that it names as such, else the first one
 * that its words mention, else `response_format`; undefined if the request had no such parameter.
 */
export function refusedParameter(error: unknown, sent: object): OptionalParameter | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) {
    return undefined;
  }
  const isSent = (name: OptionalParameter): boolean => name in sent;
  const names = (Object.keys(optionalParameters) as OptionalParameter[]).filter(isSent);
  const { message = '', param } = serverErrorOf(error);
  if (param) return names.find((name) => param.startsWith(name));
  const places = names
    .map((name) => ({ name, at: message.search(optionalParameters[name]) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  return places[0]?.name ?? names.find((name) => name === 'response_format');
}

/**
 * A `service-failed` error with the status and a remedy. It has no cause: the client's errors may repeat the key. Our own
 * errors are left as they are.
 */
export function toServiceError(error: unknown, context: ServiceContext): FeedprintError {
  if (FeedprintError.is(error)) return error;
  const { message, remedy } = describe(error, context);
  return new FeedprintError({ code: 'service-failed', message, remedy });
}

function describe(
  error: unknown,
  { model, host, key, maxRetries, timeoutMs }: ServiceContext,
): { message: string; remedy: string } {
  const attempts = maxRetries === 0 ? 'one attempt' : `${maxRetries + 1} attempts`;
  if (error instanceof APIConnectionTimeoutError) {
    return {
      message: `${host} did not answer within ${timeoutMs / 1000} s (${attempts})`,
      remedy: 'try again later, or raise timeoutMs',
    };
  }
  if (error instanceof APIConnectionError) {
    const reason = error.cause instanceof ConnectionFailure ? `: ${error.cause.message}` : '';
    return {
      message: `${host} could not be reached${reason} (${attempts})`,
      remedy: 'check baseURL, the network and that the server is running',
    };
  }
  if (!(error instanceof APIError) || error.status === undefined) {
    return {
      message: `the answer of ${host} could not be read as complete JSON`,
      remedy: 'try again later, and check that baseURL is the root of an OpenAI-compatible API',
    };
  }
  const { status } = error;
  const { answered } = serverErrorOf(error);
  const what = answered === undefined ? `status ${status}` : `status ${answered} and an error`;
  const tries = status === 429 || status >= 500 ? ` (${attempts})` : '';
  const said = status === 401 || status === 403 ? '' : quoteServer(error, key);
  const message = `${host} answered with ${what}${tries}${said}`;
  if (status === 401) {
    return { message, remedy: 'check the key in the environment variable OPENAI_API_KEY' };
  }
  if (status === 403) return { message, remedy: `use a key that may use the model ${model}` };
  if (status === 404) return { message, remedy: `check baseURL and the model name ${model}` };
  if (status === 429) {
    const pause = askedPause(error);
    return {
      message:
        pause === undefined ? message : `${message}; it asks to wait ${Math.ceil(pause / 1000)} s`,
      remedy: 'wait, lower the concurrency, or check the quota of the account',
    };
  }
  if (status >= 500) return { message, remedy: 'try again later' };
  return { message, remedy: `check that the model ${model} accepts such requests` };
}

/** What `createSafeFetch` made of the server's error. */
const serverErrorOf = ({ error }: APIError): Partial<ServerError> =>
  (error ?? {}) as Partial<ServerError>;

/** The server's own words, shortened; nothing at all if they repeat any six characters of the key in a row. */
function quoteServer(error: APIError, key: string | undefined): string {
  const { message: text = '' } = serverErrorOf(error);
  if (key !== undefined) {
    const length = Math.min(6, key.length);
    for (let i = 0; i + length <= key.length; i++) {
      if (text.includes(key.slice(i, i + length))) return '';
    }
  }
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return line === '' ? '' : `: ${line.length > 200 ? `${line.slice(0, 200)}...` : line}`;
}
