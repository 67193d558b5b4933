import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';

/** Stops and continues a run. */
export const controlRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/api\/abilities$/,
    handle: ({ context, response }) =>
      sendJson(response, { canContinue: context.control.canContinue }),
  },
  runRoute('POST', '/stop', ({ context, response }, run) => {
    context.control.stop(run);
    sendJson(response, {});
  }),
  runRoute('POST', '/continue', async ({ context, response }, run) => {
    const { facts } = await context.reader.detail(run);
    await context.control.proceed(run, facts.command);
    sendJson(response, {});
  }),
];
