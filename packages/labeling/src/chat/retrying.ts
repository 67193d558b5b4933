import { setTimeout as delay } from 'node:timers/promises';
import { FeedprintError, createRandom } from '@feedprint/core';
import { APIConnectionError, APIError } from 'openai';
import type { RequestPace } from './request-pace.ts';

export interface RetryOptions {
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Longest pause that a server may ask for. */
  readonly maxWaitMs: number;
  readonly pace: RequestPace;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** First pause in milliseconds, doubled each time, and the longest. */
const pauses = { first: 500, longest: 16_000 };

/**
 * Repeats a request after 408, 409, 429, 5xx, failed connections and answers that are no JSON, and when the server says so (`x-should-retry`). It
 * waits as long as the server asks (`Retry-After` in seconds or as a date, `retry-after-ms`), and then so do all requests
 * of the same pace; otherwise twice as long each time, up to 16 s, less up to a half at random. The last error passes through.
 */
export function createRetrying({ maxRetries, maxWaitMs, pace, sleep }: RetryOptions) {
  const random = createRandom(0).fork('jitter');
  return async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      await pace.turn();
      try {
        return await attempt();
      } catch (error) {
        const asked = askedPause(error);
        if (tries >= maxRetries || !isWorthRepeating(error) || (asked ?? 0) > maxWaitMs) {
          throw error;
        }
        if (asked === undefined) {
          const pause = Math.min(pauses.longest, pauses.first * 2 ** tries);
          await sleep(pause * (1 - random.next() / 2));
        } else pace.pause(asked);
      }
    }
  };
}

function isWorthRepeating(error: unknown): boolean {
  // What is no JSON is half an answer.
  if (error instanceof APIConnectionError || isNamed(error, 'SyntaxError')) return true;
  if (!(error instanceof APIError)) return false;
  const said = error.headers?.get('x-should-retry');
  if (said === 'true' || said === 'false') return said === 'true';
  const { status } = error;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** By name: errors of another realm are no instances. */
const isNamed = (error: unknown, name: string): boolean => Object(error).name === name;

/** Milliseconds that the server asks to wait; undefined if it does not say. */
export function askedPause(error: unknown): number | undefined {
  if (!(error instanceof APIError)) return undefined;
  const exact = Number.parseFloat(error.headers?.get('retry-after-ms') ?? '');
  if (exact >= 0) return exact;
  const header = error.headers?.get('retry-after') ?? '';
  const seconds = Number.parseFloat(header);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Waits, unless the signal ends it, which throws `cancelled`. */
export const createSleep =
  (signal: AbortSignal | undefined) =>
  async (milliseconds: number): Promise<void> => {
    try {
      await delay(milliseconds, undefined, signal && { signal });
    } catch {
      throw cancelled();
    }
  };

export const cancelled = (): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: 'the requests were cancelled',
    remedy: 'run the same command again to go on; answers that came in are kept',
  });
