import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';

export interface ProxyServer {
  /** Host and port. */
  address: string;
  /** What was asked for since the test began: `POST http://host/path`, `CONNECT host:port`. */
  readonly asked: string[];
  /** The `proxy-authorization` headers that came. */
  readonly credentials: (string | undefined)[];
}

/**
 * An HTTP proxy on loopback while the tests run, behind which the world is what `answer` says; it refuses tunnels with
 * status 403.
 */
export function proxyServer(
  answer: (url: URL, request: IncomingMessage, response: ServerResponse) => void,
): ProxyServer {
  const proxy: ProxyServer = { address: '', asked: [], credentials: [] };
  const note = ({ method, url, headers }: IncomingMessage): void => {
    proxy.asked.push(`${method} ${url}`);
    proxy.credentials.push(headers['proxy-authorization']);
  };
  const server = createServer((request, response) => {
    note(request);
    answer(new URL(request.url ?? '', 'http://not-by-proxy.invalid'), request, response);
  });
  server.on('connect', (request, socket) => {
    note(request);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    proxy.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    proxy.asked.length = 0;
    proxy.credentials.length = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}
