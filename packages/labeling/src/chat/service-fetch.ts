/** Failures after which no server has seen the request. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** A failed connection, stripped of everything but its code. */
export class ConnectionFailure extends Error {
  /** No server has seen the request. */
  readonly neverArrived: boolean;

  constructor(timedOut: boolean, systemCode: string | undefined) {
    super(timedOut ? 'timed out' : (systemCode ?? 'no connection'));
    this.neverArrived = !timedOut && beforeSending.has(systemCode ?? '');
    // The client tells timeouts by this name.
    this.name = timedOut ? 'AbortError' : 'ConnectionFailure';
  }
}

/** The one shape that error responses are brought into; the client passes it on as `APIError.error`. */
export interface ServerError {
  /** The server's own words; empty if it said nothing. */
  readonly message: string;
  /** The parameter that the server names. */
  readonly param?: string;
  /** The status of the response, where the error in it states another one. */
  readonly answered?: number;
}

/**
 * A fetch whose time limit also covers the body of the response, whose errors carry no request details such as headers, and
 * whose error responses have one shape, whatever the server's: `{ error: ServerError }`. An error sent with status 200 gets
 * the status that it states, so that it is retried, or not, like any other.
 */
export function createSafeFetch(
  inner: typeof fetch,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): typeof fetch {
  return async (input, init) => {
    // Timers and listeners end with the request: thousands of them would otherwise be held until the last time limit.
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const timer = setTimeout(abort, timeoutMs);
    for (const ending of [init?.signal, signal]) ending?.addEventListener('abort', abort);
    try {
      const response = await inner(input, { ...init, signal: stop.signal });
      return withOneShape(response, await response.text());
    } catch (error) {
      throw new ConnectionFailure(stop.signal.aborted, systemCodeOf(error));
    } finally {
      clearTimeout(timer);
      for (const ending of [init?.signal, signal]) ending?.removeEventListener('abort', abort);
    }
  };
}

function withOneShape(response: Response, text: string): Response {
  const { status } = response;
  const headers = new Headers(response.headers);
  // These describe the body as it was sent.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const body = readJson(text);
  if (!response.ok) {
    const error = errorOf(body) ?? body ?? (/^\s*</.test(text) ? '' : text);
    return Response.json({ error: toServerError(error) }, { status, headers });
  }
  const error = errorOf(body);
  if (error === undefined) return new Response(text === '' ? null : text, { status, headers });
  return Response.json(
    { error: { ...toServerError(error), answered: status } },
    { status: statedStatus(error) ?? 400, headers },
  );
}

/** The error in a response that is not a completion. */
function errorOf(body: unknown): unknown {
  if (!isRecord(body)) return undefined;
  const { choices } = body;
  if (Array.isArray(choices) && choices.length > 0) return undefined;
  // The only line of a batch's file, whose error is its own.
  if ('custom_id' in body) return undefined;
  return body['error'] ?? (body['object'] === 'error' ? body : undefined);
}

function statedStatus(error: unknown): number | undefined {
  if (!isRecord(error)) return undefined;
  const stated = [error['code'], error['status']].map(Number);
  return stated.find((status) => Number.isInteger(status) && status >= 400 && status < 600);
}

function toServerError(error: unknown): ServerError {
  const param = isRecord(error) ? error['param'] : undefined;
  return { message: wordsOf(error), ...(typeof param === 'string' && { param }) };
}

/** The message of an error of any common shape; those in a list (FastAPI's `detail`) come with the fields that they are about. */
function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (Array.isArray(error)) return error.map(wordsOf).filter(Boolean).join('; ');
  if (!isRecord(error)) return '';
  const sayings = [error['message'], error['detail'], error['msg'], error['error']].map(wordsOf);
  const field = Array.isArray(error['loc']) ? error['loc'].join('.') : '';
  return [field, sayings.find(Boolean) ?? ''].filter(Boolean).join(': ');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** ECONNREFUSED and the like, from the error or its cause. */
function systemCodeOf(error: unknown): string | undefined {
  for (let e = error, depth = 0; typeof e === 'object' && e !== null && depth < 3; depth++) {
    const { code, cause } = e as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
    e = cause;
  }
  return undefined;
}
