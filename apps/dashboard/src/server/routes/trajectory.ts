import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { readTrajectory, toTrajectory } from '../runs/read-trajectory.ts';

/** What was learned when in a training. */
export const trajectoryRoutes: readonly Route[] = [
  runRoute('GET', '/trajectory', async ({ context, response }, run) => {
    sendJson(response, await toTrajectory(await readTrajectory(run), run, context.folders));
  }),
];
