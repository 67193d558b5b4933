import type { PairsOfProperty } from '../../api/replies.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { readReport } from '../runs/read-report.ts';
import { tablePath } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';

/** Pairs shown of a property. */
const SHOWN = 40;

/** The pairs behind a property of replies. */
export const replyRoutes: readonly Route[] = [
  runRoute('GET', '/replies/([^/]+)', async ({ response, parts: [property = ''] }, run) => {
    sendJson(response, await pairsOf(run, property));
  }),
];

/** The pairs whose labels go most clearly with what was learned of a property. */
export async function pairsOf(
  run: RunFolder,
  property: string,
  most = SHOWN,
): Promise<PairsOfProperty> {
  await readReport(run);
  for (const table of ['pair_properties', 'teaching_pairs']) await tablePath(run, table); // No links.
  const { readPairsOf } = await import('@feedprint/recipes');
  const shown = await readPairsOf(run.folder, property, most);
  return { ...shown, pairs: [...shown.pairs] };
}
