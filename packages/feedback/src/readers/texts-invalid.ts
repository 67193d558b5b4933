import { FeedprintError } from '@feedprint/core';

/** The error for an invalid file of texts or pairs. */
export function textsInvalid(message: string, remedy: string, cause?: unknown): FeedprintError {
  return new FeedprintError({
    code: 'texts-invalid',
    message,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}
