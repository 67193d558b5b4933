import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DashboardContext } from '../context.ts';
import { routes } from '../routes/index.ts';
import type { ClientFile } from './client-files.ts';
import { allowed, refusal } from './headers.ts';
import { notFound, Refused, send, sendRefused, toRefused } from './respond.ts';

/** Answers one request. Says nothing about the machine but what the runs say; never throws. */
export async function handleRequest(
  context: DashboardContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(context, request, response);
  } catch (error) {
    if (response.destroyed) return; // The client left while it was answered.
    const refused = toRefused(error);
    if (!refused) context.onError(error);
    if (response.headersSent) response.destroy();
    else sendRefused(response, refused ?? new Refused(500, 'internal', 'Something went wrong.'));
  }
}

async function answer(
  context: DashboardContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = refusal(request, context);
  if (refused) {
    sendRefused(response, refused, refused.status === 405 ? { Allow: allowed } : {});
    return;
  }
  const url = parseUrl(request.url ?? '/');
  if (!url) throw new Refused(400, 'request-invalid', 'This is not a valid address.');
  const method = request.method === 'POST' ? 'POST' : 'GET';
  for (const route of routes) {
    const match = route.method === method && route.path.exec(url.pathname);
    if (!match) continue;
    const parts = match.slice(1).map(decode);
    if (parts.includes(undefined)) throw notFound('There is no such page.');
    await route.handle({ context, request, response, url, parts: parts as string[] });
    return;
  }
  const file = method === 'GET' && fileFor(context.files, url.pathname);
  if (!file) throw notFound('There is no such page.');
  const hashed = url.pathname.startsWith('/assets/');
  const caching = hashed ? { 'Cache-Control': 'max-age=31536000, immutable' } : {};
  send(response, file.content, { 'Content-Type': file.type, ...caching });
}

/** The addresses of the page's views, which all are the page. */
const views = /^\/(?:compare|runs\/[^/]+(?:\/[a-z][^/.]*(?:\/[^/]+){0,2})?)?$/;

const fileFor = (files: ReadonlyMap<string, ClientFile>, path: string): ClientFile | undefined =>
  files.get(path) ?? (views.test(path) ? files.get('/index.html') : undefined);

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text, 'http://dashboard');
  } catch {
    return undefined;
  }
}

function decode(text = ''): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
