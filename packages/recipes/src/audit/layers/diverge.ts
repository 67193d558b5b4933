import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';

const divergenceSchema = z.array(
  z.strictObject({ layer: z.int(), l2: z.number(), relativeL2: z.number() }),
);

/** Keeps how far tuning moved each layer, which decided the choice of sites. */
export const diverge = defineStage({
  name: 'diverge',
  needs: {},
  config: ({ identity, settings, parts }: AuditContext) => ({
    identity,
    layers: settings.layers,
    measure: partKey(parts.divergence),
  }),
  work: ({ context, folder }) => writeJson(folder, 'divergence.json', context.divergence),
  read: (folder) => readJson(folder, 'divergence.json', divergenceSchema),
});
