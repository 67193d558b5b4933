import { FeedprintError } from './errors.ts';

/** Throws `cancelled` once the signal is aborted; `where` says what was going on, such as "while pairs were read". */
export function throwIfCancelled(signal: AbortSignal | undefined, where: string): void {
  if (!signal?.aborted) return;
  throw new FeedprintError({
    code: 'cancelled',
    message: `stopped ${where}`,
    remedy: 'run the same command again to continue',
    cause: signal.reason,
  });
}
