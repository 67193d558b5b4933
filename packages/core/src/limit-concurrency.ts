import { FeedprintError } from './errors.ts';

/**
 * Runs at most `limit` tasks at a time, in the order in which they arrive. Throws `config-invalid` for a limit below 1.
 */
export function limitConcurrency(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `concurrency is ${limit}`,
      remedy: 'pass a whole number of at least 1',
    });
  }
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    // A finished task hands its slot to the next one waiting, so that no newcomer can slip in between.
    if (running < limit) running++;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
