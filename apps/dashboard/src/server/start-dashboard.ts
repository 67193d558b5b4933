import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { basename, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { DashboardContext } from './context.ts';
import { readClientFiles } from './http/client-files.ts';
import { handleRequest } from './http/handle-request.ts';
import { createModelDesk } from './models/model-desk.ts';
import { createRunControl } from './runs/run-control.ts';
import type { ContinueRun } from './runs/run-control.ts';
import { createFolderIndex } from './runs/run-folders.ts';
import { createRunReader } from './runs/run-reader.ts';

export interface DashboardOptions {
  /** A folder of runs, or one run. It may come to be later. */
  readonly folder: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** How often logs are looked at. Default 250. */
  readonly pollMilliseconds?: number;
  /** Starts the command of a stopped run again. Default: it cannot be done from the page. */
  readonly continueRun?: ContinueRun;
  /** What a page has to show before it may start, stop or ask models. Default: drawn anew. */
  readonly token?: string;
  /** Told of errors that clients see as "something went wrong". */
  readonly onError?: (error: unknown) => void;
}

export interface Dashboard {
  /** `http://127.0.0.1:PORT/`, for reading. */
  readonly url: string;
  /** The same with the token, for a person who may start and stop runs and ask models. */
  readonly ownUrl: string;
  readonly token: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** The only address that is listened on: runs are nobody else's business. */
const host = '127.0.0.1';

/**
 * Serves the dashboard on the loopback interface. Writes nothing; runs are stopped and continued only for whoever shows the token.
 * Throws `usage` if the port cannot be had or `folder` is a file, `dependency-missing` if the page is not built.
 */
export async function startDashboard({
  folder,
  port = 0,
  pollMilliseconds = 250,
  continueRun,
  token = randomBytes(24).toString('base64url'),
  onError = () => undefined,
}: DashboardOptions): Promise<Dashboard> {
  const root = resolve(folder);
  checkFolder(root);
  const shared: Omit<DashboardContext, 'port'> = {
    name: basename(root),
    token,
    pollMilliseconds,
    folders: createFolderIndex(root),
    reader: createRunReader(),
    control: createRunControl(continueRun),
    models: createModelDesk(),
    files: await readClientFiles(),
    onError,
  };
  const server = createServer((request, response) => {
    const { port: actual } = server.address() as AddressInfo;
    void handleRequest({ ...shared, port: actual }, request, response);
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw portTaken(port, error);
  }
  const { port: actual } = server.address() as AddressInfo;
  const url = `http://${host}:${actual}/`;
  return {
    url,
    ownUrl: `${url}#token=${token}`,
    token,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await shared.models.dispose();
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
