import type { z } from 'zod';
import { apiErrorSchema } from '../../api/responses.ts';
import { snapshot } from './snapshot.ts';
import { readToken } from './token.ts';

/** What a person can be told about a request that failed. */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the server, or a static copy in its place, answers to a GET. */
export async function readServer<T>(
  url: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  if (snapshot) return schema.parse(inSnapshot(url));
  return schema.parse(await bodyOf(fetchOrExplain(url, { signal }, signal)));
}

/** What the server answers to a POST, which needs the token. */
export async function askServer<T>(url: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
  if (snapshot) throw new RequestError('static', 'A static copy has no models to ask.');
  const headers = { 'Content-Type': 'application/json', 'X-Feedprint-Token': readToken() ?? '' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return schema.parse(await bodyOf(fetchOrExplain(url, init)));
}

function inSnapshot(url: string): unknown {
  const answers = snapshot?.answers ?? {};
  // Lists are copied once, as they come without a search.
  const found = answers[url] ?? answers[url.split('?')[0] ?? ''];
  if (found !== undefined) return found;
  throw new RequestError('static', 'This is not part of the copy. Open the run in the dashboard.');
}

async function fetchOrExplain(
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError('unreachable', 'The dashboard is not responding. Is it still running?');
  }
}

async function bodyOf(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  const body: unknown = await response.json();
  if (response.ok) return body;
  const { error } = apiErrorSchema.parse(body);
  throw new RequestError(error.code, error.message);
}
