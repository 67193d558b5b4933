import { textQuerySchema } from '../../api/texts.ts';
import { readQuery } from '../http/read-query.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { listTexts, readText } from '../texts/list-texts.ts';

/** The texts that an audit read, and how far tuning moved their tokens. */
export const textRoutes: readonly Route[] = [
  runRoute('GET', '/texts', async ({ context, response, url }, run) => {
    sendJson(response, await listTexts(context.models, run, readQuery(url, textQuerySchema)));
  }),
  runRoute('GET', '/texts/(\\d{1,9})', async ({ context, response, parts: [text] }, run) => {
    sendJson(response, await readText(context.models, run, Number(text)));
  }),
];
