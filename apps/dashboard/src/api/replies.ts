import { z } from 'zod';

/** `GET /api/runs/:id/replies/:property`: the pairs behind what is said of a property. */
export const pairsOfPropertySchema = z.object({
  name: z.string(),
  definition: z.string(),
  verdict: z.string(),
  inData: z.number().nullable(),
  learned: z.number().nullable(),
  pairs: z.array(
    z.object({
      pair: z.number(),
      prompt: z.string(),
      chosen: z.string(),
      rejected: z.string(),
      difference: z.number(),
      chosenR: z.number().nullable(),
      rejectedR: z.number().nullable(),
    }),
  ),
});

export type PairsOfProperty = z.infer<typeof pairsOfPropertySchema>;
