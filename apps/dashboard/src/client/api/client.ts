import { apiErrorSchema, runDetailSchema, runListSchema } from '../../api/responses.ts';
import type { RunDetail, RunList } from '../../api/responses.ts';

/** What a person can be told about a request that failed. */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** All runs, latest start first. */
export async function fetchRuns(signal: AbortSignal): Promise<RunList> {
  return runListSchema.parse(await fetchJson('/api/runs', signal));
}

/** One run up to now. */
export async function fetchRun(id: string, signal: AbortSignal): Promise<RunDetail> {
  return runDetailSchema.parse(await fetchJson(`/api/runs/${encodeURIComponent(id)}`, signal));
}

/** Where the events of a run after a byte of its log come from. */
export function eventsUrl(id: string, from: number): string {
  return `/api/runs/${encodeURIComponent(id)}/events?from=${from}`;
}

export function reportUrl(id: string, format: 'html' | 'json' = 'html'): string {
  return `/runs/${encodeURIComponent(id)}/report.${format}`;
}

async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError('unreachable', 'The dashboard is not responding. Is it still running?');
  }
  const body: unknown = await response.json();
  if (response.ok) return body;
  const { error } = apiErrorSchema.parse(body);
  throw new RequestError(error.code, error.message);
}
