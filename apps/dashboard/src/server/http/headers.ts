import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Refused } from './respond.ts';

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
  "worker-src 'self'",
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

const methods = ['GET', 'HEAD', 'POST'];

/** Why a request is refused before anything is looked at; `undefined` if it is not. */
export function refusal(
  { method = '', headers }: IncomingMessage,
  { port, token }: { readonly port: number; readonly token: string },
): Refused | undefined {
  // A page elsewhere may make its own name point to 127.0.0.1; the browser still sends that name.
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) {
    return new Refused(403, 'host-refused', 'Open the dashboard at its own address.');
  }
  const from = headers['sec-fetch-site'];
  const foreign = from === 'cross-site' || from === 'same-site';
  if (foreign && headers['sec-fetch-mode'] !== 'navigate') {
    return new Refused(403, 'site-refused', 'Other sites may not read the runs.');
  }
  if (!methods.includes(method)) {
    return new Refused(405, 'method-refused', 'The dashboard answers GET, HEAD and POST.');
  }
  // No other page can know the token, nor send this header here without being asked first, which is refused above.
  if (method === 'POST' && !isToken(headers['x-feedprint-token'], token)) {
    const message = 'Open the dashboard at the address that was printed when it started.';
    return new Refused(403, 'token-refused', message);
  }
  return undefined;
}

/** What a 405 has to name. */
export const allowed = methods.join(', ');

function isToken(given: unknown, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
