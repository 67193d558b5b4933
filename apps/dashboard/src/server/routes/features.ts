import { featureAskSchema, featureQuerySchema } from '../../api/features.ts';
import type { FeatureList } from '../../api/features.ts';
import { askFeature } from '../features/ask-feature.ts';
import { toCsv } from '../features/to-csv.ts';
import { readFeatureTable } from '../features/feature-table.ts';
import { listFeatures } from '../features/list-features.ts';
import { readFeature } from '../features/read-feature.ts';
import { readBody } from '../http/read-body.ts';
import { readQuery } from '../http/read-query.ts';
import { notFound, send, sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';

/** Rows of an exported list. */
const EXPORTED = 1_000_000;

/** Lists of features, and one feature. */
export const featureRoutes: readonly Route[] = [
  runRoute('GET', '/features', async ({ response, url }, run) => {
    const query = readQuery(url, featureQuerySchema);
    if (query.format !== 'page') {
      const { features } = await listFeatures(run, { ...query, offset: 0, limit: EXPORTED });
      send(response, query.format === 'csv' ? toCsv(features) : JSON.stringify(features), {
        'Content-Type': query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
        'Content-Disposition': `attachment; filename="features.${query.format}"`,
      });
      return;
    }
    const { sites } = await readFeatureTable(run);
    sendJson(response, {
      ...(await listFeatures(run, query)),
      sites: [...sites],
    } satisfies FeatureList);
  }),
  runRoute('GET', '/features/([^/]+)/(\\d{1,9})', async (exchange, run) => {
    const [site = '', index = ''] = exchange.parts;
    const feature = await readFeature(exchange.context.models, run, { site, index: Number(index) });
    if (!feature) throw notFound('This run has no such feature.');
    sendJson(exchange.response, feature);
  }),
  runRoute('POST', '/features/([^/]+)/(\\d{1,9})/ask', async (exchange, run) => {
    const { context, request, response, parts } = exchange;
    const [site = '', index = ''] = parts;
    const { prompt } = await readBody(request, featureAskSchema);
    const place = { site, index: Number(index) };
    sendJson(response, await askFeature(context.models, run, { ...place, prompt }));
  }),
];
