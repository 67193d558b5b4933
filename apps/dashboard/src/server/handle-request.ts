import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { apiErrorSchema, runDetailSchema, runListSchema } from '../api/responses.ts';
import type { RunSummary } from '../api/responses.ts';
import type { ClientFile } from './client-files.ts';
import { streamEvents } from './event-stream.ts';
import { commonHeaders, pagePolicy, refusal, reportPolicy } from './headers.ts';
import { findRunFolder, listRunFolders, openRunFile } from './run-folders.ts';
import type { RunFolder } from './run-folders.ts';
import type { RunReader } from './run-reader.ts';

export interface DashboardContext {
  readonly root: string;
  readonly port: number;
  readonly pollMilliseconds: number;
  readonly reader: RunReader;
  readonly files: ReadonlyMap<string, ClientFile>;
  /** Told of errors that clients see as "something went wrong". */
  readonly onError: (error: unknown) => void;
}

/** Answers one request. Says nothing about the machine but what the runs say; never throws. */
export async function handleRequest(
  context: DashboardContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await route(context, request, response);
  } catch (error) {
    if (response.destroyed) return; // The client left while it was answered.
    context.onError(error);
    if (response.headersSent) response.destroy();
    else sendError(response, { status: 500, code: 'internal', message: 'Something went wrong.' });
  }
}

async function route(
  context: DashboardContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = refusal(request, context.port);
  if (refused) {
    const headers = refused.status === 405 ? { Allow: 'GET' } : {};
    sendError(response, refused, headers);
    return;
  }
  const url = parseUrl(request.url ?? '/');
  if (!url) {
    sendError(response, {
      status: 400,
      code: 'request-invalid',
      message: 'This is not a valid address.',
    });
    return;
  }
  const file = context.files.get(url.pathname);
  if (file) {
    const hashed = url.pathname.startsWith('/assets/');
    const caching = hashed ? { 'Cache-Control': 'max-age=31536000, immutable' } : {};
    send(response, file.content, { 'Content-Type': file.type, ...caching });
    return;
  }
  if (url.pathname === '/api/runs') {
    await sendList(context, response);
    return;
  }
  const parts = /^\/(api\/)?runs\/([^/]+)(?:\/(events|report\.html|report\.json))?$/.exec(
    url.pathname,
  );
  const [, api = '', encoded = '', what = ''] = parts ?? [];
  const page = context.files.get('/index.html') as ClientFile;
  const wantsPage = url.pathname === '/' || (parts !== null && api === '' && what === '');
  if (wantsPage) {
    send(response, page.content, { 'Content-Type': page.type });
    return;
  }
  const id = decode(encoded);
  const run = id === undefined ? undefined : await findRunFolder(context.root, id);
  if (!run) {
    sendError(response, { status: 404, code: 'not-found', message: 'There is no such run.' });
  } else if (api !== '' && what === '') {
    sendJson(response, runDetailSchema.parse(await context.reader.detail(run)));
  } else if (api !== '' && what === 'events') {
    await sendEvents(context, run, request, response, url);
  } else if (api === '' && what.startsWith('report.')) {
    await sendReport(run, what, response);
  } else {
    sendError(response, { status: 404, code: 'not-found', message: 'There is no such page.' });
  }
}

/** Headers and JSON for a refusal; says only what was written for people. */
function sendError(
  response: ServerResponse,
  {
    status,
    code,
    message,
  }: { readonly status: number; readonly code: string; readonly message: string },
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify(apiErrorSchema.parse({ error: { code, message } }));
  send(response, body, { 'Content-Type': 'application/json', ...headers }, status);
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, JSON.stringify(value), { 'Content-Type': 'application/json' });
}

function send(
  response: ServerResponse,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders,
  status = 200,
): void {
  const policy = { 'Content-Security-Policy': pagePolicy };
  response.writeHead(status, { ...commonHeaders, ...policy, ...headers });
  response.end(body);
}

async function sendList(
  { root, reader }: DashboardContext,
  response: ServerResponse,
): Promise<void> {
  const runs: RunSummary[] = [];
  for (const run of await listRunFolders(root)) {
    try {
      runs.push(await reader.summary(run));
    } catch {
      // The run was deleted since it was listed.
    }
  }
  const latest = ({ startedAt, lastEventAt }: RunSummary): string => startedAt ?? lastEventAt ?? '';
  runs.sort((a, b) => latest(b).localeCompare(latest(a)) || a.id.localeCompare(b.id));
  sendJson(response, runListSchema.parse({ folder: basename(root), runs }));
}

async function sendEvents(
  { reader, pollMilliseconds }: DashboardContext,
  run: RunFolder,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const asked = request.headers['last-event-id'] ?? url.searchParams.get('from') ?? '0';
  const from = Number(asked);
  if (!Number.isSafeInteger(from) || from < 0) {
    const message = 'Events start at a byte offset in the log.';
    sendError(response, { status: 400, code: 'request-invalid', message });
    return;
  }
  response.writeHead(200, { ...commonHeaders, 'Content-Type': 'text/event-stream' });
  await streamEvents({ run, reader, from, pollMilliseconds, response });
}

async function sendReport(run: RunFolder, name: string, response: ServerResponse): Promise<void> {
  const file = await openRunFile(run, name);
  if (!file) {
    const message = 'This run has no report yet.';
    sendError(response, { status: 404, code: 'not-found', message });
    return;
  }
  const isPage = name.endsWith('.html');
  response.writeHead(200, {
    ...commonHeaders,
    'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    'Content-Security-Policy': reportPolicy,
  });
  await pipeline(file.createReadStream(), response);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text, 'http://dashboard');
  } catch {
    return undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
