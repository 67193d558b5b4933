import { FeedprintError } from '@feedprint/core';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';

/** What an error message needs to know about a request. */
export interface ServiceContext {
  readonly model: string;
  readonly host: string;
  readonly key: string | undefined;
  readonly maxRetries: number;
  readonly timeoutMs: number;
}

/** A failed connection, stripped of everything but its code. */
class ConnectionFailure extends Error {
  constructor(timedOut: boolean, systemCode: string | undefined) {
    super(timedOut ? 'timed out' : (systemCode ?? 'no connection'));
    // The client tells timeouts by this name.
    this.name = timedOut ? 'AbortError' : 'ConnectionFailure';
  }
}

/**
 * A fetch whose time limit covers the answer's body too, and whose errors carry no request details, such as headers.
 */
export function createSafeFetch(inner: typeof fetch, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    try {
      return await inner(input, { ...init, signal });
    } catch (error) {
      throw new ConnectionFailure(signal.aborted, systemCodeOf(error));
    }
  };
}

const optionalParameters = ['temperature', 'seed', 'response_format'] as const;

/** Which optional parameter a refusal (400 or 422) is about: the one that it names; `response_format` if it names none. */
export function refusedParameter(error: unknown, sent: object): string | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) {
    return undefined;
  }
  const named = error.param;
  const refused = named
    ? optionalParameters.find((name) => named.startsWith(name))
    : 'response_format';
  return refused !== undefined && refused in sent ? refused : undefined;
}

/** A `service-failed` error with the status and a remedy. It has no cause: the client's errors may repeat the key. */
export function toServiceError(error: unknown, context: ServiceContext): FeedprintError {
  const { message, remedy } = describe(error, context);
  return new FeedprintError({ code: 'service-failed', message, remedy });
}

function describe(
  error: unknown,
  { model, host, key, maxRetries, timeoutMs }: ServiceContext,
): { message: string; remedy: string } {
  const attempts = maxRetries === 0 ? 'one attempt' : `${maxRetries + 1} attempts`;
  // The second is a body that stopped coming.
  if (error instanceof APIConnectionTimeoutError || nameOf(error) === 'TimeoutError') {
    return {
      message: `${host} did not answer within ${timeoutMs / 1000} s (${attempts})`,
      remedy: 'try later, or raise timeoutMs',
    };
  }
  if (error instanceof APIConnectionError) {
    const reason = error.cause instanceof ConnectionFailure ? `: ${error.cause.message}` : '';
    return {
      message: `${host} could not be reached${reason} (${attempts})`,
      remedy: 'check baseURL, the network and that the server runs',
    };
  }
  if (!(error instanceof APIError) || error.status === undefined) {
    return {
      message: `the answer of ${host} could not be read to its end as JSON`,
      remedy: 'try later, and check that baseURL is the root of an OpenAI-compatible API',
    };
  }
  const { status } = error;
  const tries = status === 429 || status >= 500 ? ` (${attempts})` : '';
  const said = status === 401 || status === 403 ? '' : quoteServer(error, key);
  const message = `${host} answered with status ${status}${tries}${said}`;
  if (status === 401) {
    return { message, remedy: 'check the key in the environment variable OPENAI_API_KEY' };
  }
  if (status === 403) return { message, remedy: `use a key that may use the model ${model}` };
  if (status === 404) return { message, remedy: `check baseURL and the model name ${model}` };
  if (status === 429) {
    return {
      message,
      remedy: 'wait, lower the concurrency, or check the quota of the account',
    };
  }
  if (status >= 500) return { message, remedy: 'try later' };
  return { message, remedy: `check that the model ${model} accepts such requests` };
}

/** The server's own words, shortened; nothing at all if they repeat any six characters of the key in a row. */
function quoteServer(error: APIError, key: string | undefined): string {
  const body: unknown = error.error;
  const text = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  if (typeof text !== 'string') return '';
  if (key !== undefined) {
    const length = Math.min(6, key.length);
    for (let i = 0; i + length <= key.length; i++) {
      if (text.includes(key.slice(i, i + length))) return '';
    }
  }
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return line === '' ? '' : `: ${line.length > 200 ? `${line.slice(0, 200)}...` : line}`;
}

function nameOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
}

/** ECONNREFUSED and the like, from the error or its cause. */
function systemCodeOf(error: unknown): string | undefined {
  for (let e = error, depth = 0; typeof e === 'object' && e !== null && depth < 3; depth++) {
    const { code, cause } = e as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
    e = cause;
  }
  return undefined;
}
