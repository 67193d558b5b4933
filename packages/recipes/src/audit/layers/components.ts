import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import { movedActivations } from './moved-activations.ts';
import { shortTexts } from './short-texts.ts';

const movedPartSchema = z.strictObject({
  of: z.enum(['weights', 'activations']),
  layer: z.int().nullable(),
  component: z.string(),
  site: z.string().nullable(),
  n: z.int(),
  l2: z.number(),
  relativeL2: z.number(),
  cosine: z.number().nullable(),
});

/** How far tuning moved the weights of one part of the model, or what it adds to the residual stream. */
export type MovedPart = z.infer<typeof movedPartSchema>;

/** Tokens that activations are compared at, about: enough to rank parts, and a small share of what an audit costs. */
const TOKENS = 1000;

/** How far tuning moved each part of each block: its weights, and on a small sample of the texts what it puts out. */
export const components = defineStage({
  name: 'components',
  needs: {},
  config: ({ identity, settings, parts }: AuditContext) => ({
    identity,
    seed: settings.seed,
    tokens: TOKENS,
    measure: partKey(parts.divergence),
  }),
  work: async ({ context, folder, stage }) => {
    const { base, tuned } = context.models;
    const weights = (context.parts.divergence.components?.(base, tuned) ?? []).map(
      ({ layer = null, component, parameters, l2, relativeL2 }): MovedPart => ({
        ...{ of: 'weights', layer, component, site: null, n: parameters },
        ...{ l2, relativeL2, cosine: null },
      }),
    );
    const activations = await movedActivations(base, tuned, shortTexts(context, TOKENS), stage);
    await writeJson(folder, 'components.json', [...weights, ...activations]);
  },
  read: (folder) => readJson(folder, 'components.json', z.array(movedPartSchema)),
});
