import { FeedprintError } from '@feedprint/core';

/** For values that the order of the stages guarantees. */
export function known<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new FeedprintError({
    code: 'internal',
    message: `${what} is missing`,
    remedy: 'report this with the run folder',
  });
}
