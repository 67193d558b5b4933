import { FeedprintError } from '@feedprint/core';

/** Throws `cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal, stage: string): void {
  if (!signal.aborted) return;
  throw new FeedprintError({
    code: 'cancelled',
    message: `stopped in stage ${stage}`,
    remedy: 'run the same command again to continue',
    cause: signal.reason,
  });
}
