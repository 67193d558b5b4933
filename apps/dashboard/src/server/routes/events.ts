import { commonHeaders } from '../http/headers.ts';
import { Refused } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { streamEvents } from '../runs/event-stream.ts';

/** Server-sent events of a run. */
export const eventRoutes: readonly Route[] = [
  runRoute('GET', '/events', async ({ context, request, response, url }, run) => {
    const from = startOf(request.headers['last-event-id'] ?? url.searchParams.get('from') ?? '0');
    response.writeHead(200, { ...commonHeaders, 'Content-Type': 'text/event-stream' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const { reader, pollMilliseconds } = context;
    await streamEvents({ run, reader, from, pollMilliseconds, response });
  }),
];

function startOf(asked: string | readonly string[]): number | 'end' {
  if (asked === 'end') return 'end';
  const from = Number(asked);
  if (Number.isSafeInteger(from) && from >= 0) return from;
  throw new Refused(400, 'request-invalid', 'Events start at a byte offset in the log, or at end.');
}
