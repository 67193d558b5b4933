import type { FeatureEvidence } from '@feedprint/core';
import { z } from 'zod';

const exampleSchema = z.strictObject({
  tokens: z.array(z.string()),
  activations: z.array(z.number()),
  kind: z.string().optional(),
});
const examples = z.array(exampleSchema);

const evidenceSchema = z.strictObject({
  id: z.string(),
  top: examples,
  heldOutActive: examples,
  heldOutSilent: examples,
  selection: z.strictObject({ active: examples, silent: examples }).optional(),
  contrast: examples.optional(),
  maxActivation: z.number(),
  statistics: z
    .strictObject({
      tokens: z.int(),
      density: z.number(),
      mean: z.number(),
      variance: z.number(),
      skewness: z.number().nullable(),
      kurtosis: z.number().nullable(),
    })
    .optional(),
});

/** A list of evidence, as stages keep it. */
export const evidenceListSchema = z.array(evidenceSchema) as unknown as z.ZodType<
  readonly FeatureEvidence[]
>;
