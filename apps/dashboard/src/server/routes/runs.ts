import type { RunDetail, RunList, RunSummary } from '../../api/responses.ts';
import { watchOf } from '../audits/watch-of.ts';
import type { DashboardContext } from '../context.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { RunFolder } from '../runs/run-folders.ts';

/** The list of runs, and one run. */
export const runRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/api\/runs$/,
    handle: async ({ context, response }) => {
      const runs: RunSummary[] = [];
      for (const run of await context.folders.list()) {
        try {
          runs.push(await context.reader.summary(run));
        } catch {
          // The run was deleted since it was listed.
        }
      }
      runs.sort((a, b) => latest(b).localeCompare(latest(a)) || a.id.localeCompare(b.id));
      sendJson(response, { folder: context.name, runs } satisfies RunList);
    },
  },
  runRoute('GET', '', async ({ context, response }, run) => {
    sendJson(response, await detailOf(context, run));
  }),
];

/** A run as its page asks for it. */
export const detailOf = async (
  { reader, folders }: DashboardContext,
  run: RunFolder,
): Promise<RunDetail> => {
  const detail = await reader.detail(run);
  const watch = await watchOf(folders, run);
  return { ...detail, ...(watch && { watch: watch.id }) };
};

const latest = ({ startedAt, lastEventAt }: RunSummary): string => startedAt ?? lastEventAt ?? '';
