import { FeedprintError } from '@feedprint/core';

/** What the hub was asked for. */
export interface HubRequest {
  readonly name: string;
  readonly revision: string;
  readonly hasToken: boolean;
  /** What it is a repository of. Default: a model. */
  readonly kind?: 'model' | 'dataset';
}

/** The error to report for an error of `@huggingface/hub` or of the network; it contains no token. */
export function hubError(
  { name, revision, hasToken, kind = 'model' }: HubRequest,
  cause: unknown,
): FeedprintError {
  if (FeedprintError.is(cause)) return cause;
  const status = (cause as { readonly statusCode?: unknown } | undefined)?.statusCode;
  const at = revision === 'main' ? name : `${name} at ${revision}`;
  if (status === 401 || status === 403) {
    return new FeedprintError({
      code: 'service-failed',
      message: `the hub refuses ${at} (${status}): it is gated, private or does not exist`,
      remedy: hasToken
        ? 'ask for access on its page with the account that HF_TOKEN belongs to'
        : 'ask for access on its page, then set HF_TOKEN to a token of that account with read access',
      cause,
    });
  }
  if (status === 404) {
    return new FeedprintError({
      ...(kind === 'model'
        ? {
            code: 'checkpoint-invalid' as const,
            message: `the hub has no model ${at}, and there is no folder of that name`,
          }
        : {
            code: 'texts-invalid' as const,
            message: `the hub has no data set ${at}, and there is no file or folder of that name`,
          }),
      remedy: 'check the spelling and the revision',
      cause,
    });
  }
  const why = typeof status === 'number' ? `it answered ${status}` : reasonOf(cause);
  return new FeedprintError({
    code: 'service-failed',
    message: `the hub could not be asked for ${at}: ${why}`,
    remedy: 'check the connection and try again, or use --offline to load what is in the cache',
    cause,
  });
}

/** `fetch` gives the reason only in the cause of its error. */
function reasonOf(error: unknown): string {
  const { message, cause } = Object(error) as { message?: string; cause?: unknown };
  const inner = Object(cause) as { message?: string; code?: string };
  return inner.message || inner.code || message || String(error);
}
