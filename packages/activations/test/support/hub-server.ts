import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';

/** A repository of the pretended hub: its files, and those of them that are large. */
export interface HubRepository {
  readonly commit: string;
  files: Record<string, string | Buffer>;
  readonly large?: readonly string[];
  readonly gated?: boolean;
}

export interface HubServer {
  readonly url: string;
  /** Paths asked for since the last call. */
  requests(): string[];
  /** Changes or breaks the answer for a file's bytes. */
  sabotage: ((path: string, response: ServerResponse) => boolean) | undefined;
  readonly tokens: Set<string | undefined>;
}

const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');
const gitHash = (content: string | Buffer): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0`)
    .update(content)
    .digest('hex');

/** Speaks as much of the hub's protocol as loading a model needs, with large files behind a redirect, while the tests run. */
export function hubServer(repositories: Readonly<Record<string, HubRepository>>): HubServer {
  const asked: string[] = [];
  const hub = {
    url: '',
    sabotage: undefined as HubServer['sabotage'],
    tokens: new Set<string | undefined>(),
    requests: () => asked.splice(0),
  };
  const server = createServer((request, response) => answer(request, response));
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '', 'http://hub');
    asked.push(pathname);
    hub.tokens.add(request.headers.authorization);
    const [, api, name = ''] =
      /^\/(api\/models|api\/datasets|datasets|cdn|)\/?([^/]+\/[^/]+)/.exec(pathname) ?? [];
    const repository = Object.hasOwn(repositories, name) ? repositories[name] : undefined;
    if (!repository) return fail(response, 404, 'RepoNotFound');
    if (repository.gated && !request.headers.authorization) return fail(response, 401, 'GatedRepo');
    if (api?.startsWith('api/')) return describe(pathname, repository, name, response);
    const path =
      Object.keys(repository.files).find((file) => pathname.endsWith(`/${file}`)) ??
      pathname.split('/').at(-1) ??
      '';
    const text = repository.files[path];
    if (text === undefined) return fail(response, 404, 'EntryNotFound');
    const isLarge = repository.large?.includes(path) === true;
    if (isLarge && api !== 'cdn') {
      response.writeHead(302, {
        location: `/cdn/${name}/${path}`,
        'x-linked-etag': `"${sha256(text)}"`,
      });
      return void response.end();
    }
    send(request, response, path, text);
  }

  function describe(
    pathname: string,
    { commit, files, large = [] }: HubRepository,
    name: string,
    response: ServerResponse,
  ): void {
    const revision = decodeURIComponent(pathname.split('/').at(-1) ?? '');
    if (!['main', 'refs/pr/1', commit].includes(revision))
      return fail(response, 404, 'RevisionNotFound');
    const list = Object.entries(files).map(([path, text]) => ({
      ...{ type: 'file', path, size: Buffer.byteLength(text), oid: gitHash(text) },
      ...(large.includes(path) && {
        lfs: { oid: sha256(text), size: text.length, pointerSize: 1 },
      }),
    }));
    const folder = { type: 'directory', path: 'onnx', size: 0, oid: gitHash('onnx') };
    const info = { _id: '1', id: name, sha: commit, lastModified: '2026-01-01T00:00:00Z' };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(pathname.includes('/tree/') ? [folder, ...list] : info));
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    text: string | Buffer,
  ): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const etag = `"${gitHash(text)}"`;
    if (request.headers.range === 'bytes=0-0') {
      response.writeHead(206, { etag, 'content-range': `bytes 0-0/${bytes.length}` });
      return void response.end(bytes.subarray(0, 1));
    }
    if (hub.sabotage?.(path, response)) return;
    response.writeHead(200, { etag, 'content-length': bytes.length });
    response.end(bytes);
  }
  return hub;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-error-code': code });
  response.end(JSON.stringify({ error: code }));
}
