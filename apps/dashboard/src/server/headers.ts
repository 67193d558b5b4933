import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** On every answer. */
export const commonHeaders: OutgoingHttpHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** For everything but reports: our own files alone. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * For reports: an origin of its own without this one's rights, no network, no forms, no other frames. Its own script may run
 * (sorting, tooltips); the report's built-in policy allows that one by its hash and no other.
 */
export const reportPolicy = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** Why a request is refused before anything is looked at; `undefined` if it is not. */
export function refusal(
  { method, headers }: IncomingMessage,
  port: number,
): { readonly status: number; readonly code: string; readonly message: string } | undefined {
  // A page elsewhere may make its own name point to 127.0.0.1; the browser still sends that name.
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) {
    return {
      status: 403,
      code: 'host-refused',
      message: 'Open the dashboard at its own address.',
    };
  }
  const from = headers['sec-fetch-site'];
  const foreign = from === 'cross-site' || from === 'same-site';
  if (foreign && headers['sec-fetch-mode'] !== 'navigate') {
    return { status: 403, code: 'site-refused', message: 'Other sites may not read the runs.' };
  }
  if (method !== 'GET') {
    return { status: 405, code: 'method-refused', message: 'The dashboard only reads.' };
  }
  return undefined;
}
