import { z } from 'zod';

/** `GET /api/runs/:id/layers`: where the change sits, and what the dictionaries keep there. */
export const layersSchema = z.object({
  divergence: z.array(
    z.object({ layer: z.int(), l2: z.number(), relativeL2: z.number(), kept: z.boolean() }),
  ),
  /** By part of each layer: its weights, or what it puts out at a sample of tokens; none in audits of before. */
  components: z.array(
    z.object({
      of: z.enum(['weights', 'activations']),
      layer: z.int().nullable(),
      component: z.string(),
      n: z.int(),
      relativeL2: z.number(),
      cosine: z.number().nullable(),
    }),
  ),
  /** Where activations were compared: mean norm of their difference over that of the base's. */
  sites: z.array(z.object({ site: z.string(), relativeL2: z.number() })),
  /** Parts of the model: how much of the learned effect goes when one is exchanged for the base's. */
  places: z.array(z.object({ name: z.string(), share: z.number().nullable() })),
  saes: z.array(
    z.object({
      model: z.string(),
      site: z.string(),
      dSae: z.int(),
      kind: z.string(),
      fvu: z.number(),
      l0: z.number(),
      alive: z.number(),
    }),
  ),
  matching: z.array(
    z.object({
      site: z.string(),
      baseTuned: z.number(),
      smallLarge: z.number(),
      chance: z.object({ baseTuned: z.number(), smallLarge: z.number() }),
    }),
  ),
});

export type Layers = z.infer<typeof layersSchema>;
