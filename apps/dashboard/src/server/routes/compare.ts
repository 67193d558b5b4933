import type { RunKind } from '../../api/responses.ts';
import { compareRuns } from '../audits/compare-runs.ts';
import type { ComparedRun } from '../audits/compare-runs.ts';
import type { Comparison } from '../../api/compare.ts';
import type { DashboardContext } from '../context.ts';
import { Refused, sendJson } from '../http/respond.ts';
import type { Route } from '../http/route.ts';
import { readReport } from '../runs/read-report.ts';
import { readTrajectory } from '../runs/read-trajectory.ts';

/** Runs that are compared at once. */
const MOST = 12;

/** Two or more runs side by side. */
export const compareRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/api\/compare$/,
    handle: async ({ context, response, url }) => {
      const ids = [...new Set(url.searchParams.getAll('run'))];
      if (ids.length < 2 || ids.length > MOST) {
        throw new Refused(400, 'request-invalid', `Name two to ${MOST} runs.`);
      }
      sendJson(response, await comparisonOf(context, ids));
    },
  },
];

/** Runs of these names side by side. */
export async function comparisonOf(
  { folders, reader }: DashboardContext,
  ids: readonly string[],
): Promise<Comparison> {
  const runs: ComparedRun[] = [];
  for (const id of ids) {
    const run = await folders.find(id);
    const summary = await reader.summary(run);
    const { state, facts } = await reader.detail(run);
    const has = (kind: RunKind): boolean => facts.headline !== null && facts.kind === kind;
    const report = has('audit') ? await readReport(run) : undefined;
    const trajectory = has('trajectory') ? await readTrajectory(run) : undefined;
    const { settings } = facts;
    runs.push({ summary, curves: state.curves, settings, report, trajectory });
  }
  return compareRuns(runs);
}
