import { exportPage } from '../export/export-page.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { commonHeaders, reportPolicy } from '../http/headers.ts';
import { snapshotOf } from '../export/snapshot-of.ts';

/** An audit or a trajectory as one file that needs no server. */
export const exportRoutes: readonly Route[] = [
  runRoute('GET', '/export\\.html', async ({ context, response }, run) => {
    const snapshot = await snapshotOf(context, run);
    const page = exportPage(context.files, snapshot);
    response.writeHead(200, {
      ...commonHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': `attachment; filename="${snapshot.view}.html"`,
      'Content-Security-Policy': reportPolicy,
    });
    response.end(page);
  }),
];
