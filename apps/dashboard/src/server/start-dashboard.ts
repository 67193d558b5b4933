import { once } from 'node:events';
import { createServer } from 'node:http';
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { readClientFiles } from './client-files.ts';
import { handleRequest } from './handle-request.ts';
import { createRunReader } from './run-reader.ts';

export interface DashboardOptions {
  /** A folder of runs, or one run. It may come to be later. */
  readonly folder: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** How often logs are looked at. Default 250. */
  readonly pollMilliseconds?: number;
  /** Told of errors that clients see as "something went wrong". */
  readonly onError?: (error: unknown) => void;
}

export interface Dashboard {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** The only address that is listened on: runs are nobody else's business. */
const host = '127.0.0.1';

/**
 * Serves the dashboard on the loopback interface. Reads runs, writes nothing.
 * Throws `usage` if the port cannot be had or `folder` is a file, `dependency-missing` if the page is not built.
 */
export async function startDashboard({
  folder,
  port = 0,
  pollMilliseconds = 250,
  onError = () => undefined,
}: DashboardOptions): Promise<Dashboard> {
  const root = resolve(folder);
  checkFolder(root);
  const files = await readClientFiles();
  const reader = createRunReader();
  const server = createServer((request, response) => {
    const { port: actual } = server.address() as AddressInfo;
    const context = { root, port: actual, pollMilliseconds, reader, files, onError };
    void handleRequest(context, request, response);
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw portTaken(port, error);
  }
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${actual}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function checkFolder(root: string): void {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (!stats || stats.isDirectory()) return;
  throw new FeedprintError({
    code: 'usage',
    message: `${root} is a file`,
    remedy: 'give a folder of runs, or a single run',
  });
}

function portTaken(port: number, cause: unknown): FeedprintError {
  return new FeedprintError({
    code: 'usage',
    message: `cannot listen on port ${port}`,
    remedy: 'choose another port, or leave it out to use any free one',
    cause,
  });
}
