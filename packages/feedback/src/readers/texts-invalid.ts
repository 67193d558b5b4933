import { FeedprintError } from '@feedprint/core';

/** The error of a file of texts that is wrong. */
export function textsInvalid(message: string, remedy: string, cause?: unknown): FeedprintError {
  return new FeedprintError({
    code: 'texts-invalid',
    message,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}
