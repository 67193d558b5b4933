import { z } from 'zod';
import { figureQuerySchema } from '../../api/audit.ts';
import type { FigureList } from '../../api/audit.ts';
import { toAudit } from '../audits/to-audit.ts';
import { readQuery } from '../http/read-query.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { queryTables } from '../runs/query-tables.ts';
import { readReport } from '../runs/read-report.ts';

const figureRow = z.object({ figure: z.string(), value: z.number(), total: z.number() });

/** What an audit found, and every number of its report. */
export const auditRoutes: readonly Route[] = [
  runRoute('GET', '/audit', async ({ response }, run) => {
    sendJson(response, toAudit(await readReport(run)));
  }),
  runRoute('GET', '/figures', async ({ response, url }, run) => {
    const { search, offset, limit } = readQuery(url, figureQuerySchema);
    const rows = await queryTables(run, {
      tables: ['figures'],
      sql: `SELECT figure, value, count(*) OVER () AS total FROM figures
        WHERE contains(lower(figure), lower($1)) ORDER BY figure LIMIT $2 OFFSET $3`,
      parameters: [search, limit, offset],
      row: figureRow,
    });
    const figures = rows.map(({ figure, value }) => ({ figure, value }));
    sendJson(response, { total: rows[0]?.total ?? 0, figures } satisfies FigureList);
  }),
];
