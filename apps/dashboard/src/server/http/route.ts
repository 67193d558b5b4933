import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DashboardContext } from '../context.ts';
import type { RunFolder } from '../runs/run-folders.ts';

/** One request and its answer. */
export interface Exchange {
  readonly context: DashboardContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the groups of the route's path matched, decoded. */
  readonly parts: readonly string[];
}

/** What answers the requests for one resource. */
export interface Route {
  /** `POST` changes something, and needs the token. */
  readonly method: 'GET' | 'POST';
  /** Matches the whole path, still encoded. */
  readonly path: RegExp;
  handle(exchange: Exchange): Promise<void> | void;
}

/** The same for one run: `path` is what follows `/api/runs/:id`, its groups are `parts`. */
export function runRoute(
  method: Route['method'],
  path: string,
  handle: (exchange: Exchange, run: RunFolder) => Promise<void> | void,
): Route {
  return {
    method,
    path: new RegExp(`^/api/runs/([^/]+)${path}$`),
    handle: async ({ parts: [id = '', ...parts], ...exchange }) => {
      const run = await exchange.context.folders.find(id);
      await handle({ ...exchange, parts }, run);
    },
  };
}
