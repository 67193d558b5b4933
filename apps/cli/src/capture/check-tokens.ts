import { FeedprintError } from '@feedprint/core';

/** Throws `texts-invalid` if no text has a token. */
export function checkTokens(rows: readonly Int32Array[], file: string): void {
  if (rows.some(({ length }) => length > 0)) return;
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `no text of ${file} has a token`,
    remedy: 'give texts that are not empty',
  });
}
