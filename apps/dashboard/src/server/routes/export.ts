import { featureQuerySchema } from '../../api/features.ts';
import { exportPage } from '../export/export-page.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { commonHeaders, reportPolicy } from '../http/headers.ts';
import { notFound } from '../http/respond.ts';
import { snapshotOf } from '../export/snapshot-of.ts';

/** An audit as one file that needs no server. */
export const exportRoutes: readonly Route[] = [
  runRoute('GET', '/export\\.html', async ({ context, response }, run) => {
    const { facts } = await context.reader.detail(run);
    if (facts.kind !== 'audit') throw notFound('Only audits can be copied.');
    if (facts.headline === null) throw notFound('This run has no report yet.');
    const page = exportPage(
      context.files,
      await snapshotOf(context, run, featureQuerySchema.parse({})),
    );
    response.writeHead(200, {
      ...commonHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': `attachment; filename="audit.html"`,
      'Content-Security-Policy': reportPolicy,
    });
    response.end(page);
  }),
];
