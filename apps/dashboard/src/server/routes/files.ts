import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { commonHeaders, pagePolicy, reportPolicy } from '../http/headers.ts';
import { notFound } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { openRunFile, tablePath } from '../runs/run-folders.ts';

/** The report as it lies in the run's folder, and its tables. */
export const fileRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/runs\/([^/]+)\/(report\.html|report\.json)$/,
    handle: async ({ context, request, response, parts: [id = '', name = ''] }) => {
      const file = await openRunFile(await context.folders.find(id), name);
      if (!file) throw notFound('This run has no report yet.');
      response.writeHead(200, {
        ...commonHeaders,
        'Content-Type': name.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json',
        'Content-Security-Policy': reportPolicy,
      });
      if (request.method === 'HEAD') {
        await file.close();
        response.end();
        return;
      }
      await pipeline(file.createReadStream(), response);
    },
  },
  runRoute('GET', '/tables/([\\w-]+)\\.parquet', async ({ request, response, parts }, run) => {
    const [table = ''] = parts;
    const path = await tablePath(run, table);
    response.writeHead(200, {
      ...commonHeaders,
      'Content-Type': 'application/vnd.apache.parquet',
      'Content-Disposition': `attachment; filename="${table}.parquet"`,
      'Content-Security-Policy': pagePolicy,
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(path), response);
  }),
];
