import { RequestError } from '../api/request.ts';

/** Something that comes from the server. */
export type Loadable<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string };

/** A failure in words written for people. */
export function failed(error: unknown): { readonly kind: 'failed'; readonly message: string } {
  const known = error instanceof RequestError;
  const message = known
    ? error.message
    : 'The dashboard sent a response that this page cannot read.';
  return { kind: 'failed', message };
}
