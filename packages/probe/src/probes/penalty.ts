import { FeedprintError } from '@feedprint/core';

/** Throws `config-invalid` unless the penalty is a positive number. */
export function assertPenalty(penalty: number, name: string): void {
  if (penalty > 0 && Number.isFinite(penalty)) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `${name} is ${penalty}`,
    remedy: 'pass a positive number',
  });
}
