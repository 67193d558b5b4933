import { z } from 'zod';
import {
  continueRequestSchema,
  editRequestSchema,
  readRequestSchema,
} from '../../api/playground.ts';
import type { ContinueAnswer, EditAnswer, ReadAnswer } from '../../api/playground.ts';
import { readBody } from '../http/read-body.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { encodePrompt } from '../models/encode-prompt.ts';
import { queryTables } from '../runs/query-tables.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { statedOf } from '../texts/stated-of.ts';

/** Questions to the models of a run. They are asked by POST: they take long, and no other page shall ask them. */
export const playgroundRoutes: readonly Route[] = [
  runRoute('POST', '/playground/read', async ({ context, request, response }, run) => {
    const { prompt } = await readBody(request, readRequestSchema);
    const { readTokens } = await import('@feedprint/recipes');
    const models = await context.models.models(run);
    const saes = await context.models.saes(run);
    const ids = encodePrompt(models.tuned.tokenizer, prompt);
    const { tokens, ...rest } = await readTokens(models, saes, ids);
    const stated = await statedOf(run);
    const labels = await labelsOf(run);
    sendJson(response, {
      ...rest,
      next: [...rest.next],
      canSteer: (await context.models.direction(run)) !== undefined,
      tokens: tokens.map(({ id, features, ...token }) => ({
        ...token,
        stated: stated.get(id) ?? null,
        features: features.map((one) => ({
          ...one,
          label: labels.get(`${one.site}/${one.index}`) ?? null,
        })),
      })),
    } satisfies ReadAnswer);
  }),
  runRoute('POST', '/playground/continue', async ({ context, request, response }, run) => {
    const body = await readBody(request, continueRequestSchema);
    const { continueTokens } = await import('@feedprint/recipes');
    const models = await context.models.models(run);
    const continued = await continueTokens(models, {
      ids: encodePrompt(models.tuned.tokenizer, body.prompt),
      saes: await context.models.saes(run),
      direction: await context.models.direction(run),
      ablate: body.ablate,
      dose: body.dose,
      sampling: { maxNewTokens: body.newTokens, temperature: body.temperature, seed: body.seed },
    });
    sendJson(response, continued satisfies ContinueAnswer);
  }),
  runRoute('POST', '/playground/edit', async ({ context, request, response }, run) => {
    const body = await readBody(request, editRequestSchema);
    const { tryReplyEdits } = await import('@feedprint/recipes');
    const { written, edits } = await tryReplyEdits(await context.models.models(run), body);
    sendJson(response, { written, edits: [...edits] } satisfies EditAnswer);
  }),
];

async function labelsOf(run: RunFolder): Promise<ReadonlyMap<string, string>> {
  if (!(await hasTable(run, 'features'))) return new Map();
  const rows = await queryTables(run, {
    tables: ['features'],
    sql: 'SELECT id, label FROM features WHERE label IS NOT NULL',
    row: z.object({ id: z.string(), label: z.string() }),
  });
  return new Map(rows.map(({ id, label }) => [id, label]));
}
