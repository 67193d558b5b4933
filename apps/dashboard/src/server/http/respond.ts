import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { FeedprintError } from '@feedprint/core';
import { apiErrorSchema } from '../../api/responses.ts';
import { isBroken } from './is-broken.ts';
import { commonHeaders, pagePolicy } from './headers.ts';

/** A request that is not answered with what it asked for; its words are for people. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The refusal of what a run does not have. */
export const notFound = (message: string): Refused => new Refused(404, 'not-found', message);

/** The refusal that an error amounts to which comes from what is asked or lies in a run; `undefined` for a fault of ours. */
export function toRefused(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  if (isBroken(error)) {
    const message = 'Files of this run cannot be read: they are missing, broken or no longer ours.';
    return new Refused(422, 'run-invalid', message);
  }
  if (!FeedprintError.is(error) || error.code === 'internal') return undefined;
  return new Refused(422, error.code, asSentence(withoutPaths(error.message)));
}

const asSentence = (message: string): string =>
  message.slice(0, 1).toUpperCase() + message.slice(1);

/** What errors say of places on this machine, down to the last part of their names. */
const withoutPaths = (message: string): string =>
  message.replaceAll(/(?:[A-Za-z]:)?(?:[\\/][^\\/\s:;,"')]+)+[\\/]/g, '');

export function send(
  response: ServerResponse,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders,
  status = 200,
): void {
  const policy = { 'Content-Security-Policy': pagePolicy };
  response.writeHead(status, {
    ...commonHeaders,
    ...policy,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body); // Node leaves the body out of the answer to HEAD.
}

export function sendJson(response: ServerResponse, value: unknown): void {
  send(response, JSON.stringify(value), { 'Content-Type': 'application/json' });
}

/** Headers and JSON for a refusal; says only what was written for people. */
export function sendRefused(
  response: ServerResponse,
  { status, code, message }: Refused,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify(apiErrorSchema.parse({ error: { code, message } }));
  send(response, body, { 'Content-Type': 'application/json', ...headers }, status);
}
