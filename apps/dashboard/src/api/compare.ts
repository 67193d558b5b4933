import { z } from 'zod';
import { figureSchema } from './audit.ts';
import { curveSchema } from './run-state.ts';
import { runSummarySchema } from './responses.ts';
import { learnedItemSchema } from './trajectory.ts';

const side = z.object({
  summary: runSummarySchema,
  headline: z.string().nullable(),
  figures: z.array(figureSchema),
  curves: z.array(curveSchema),
});

/** `GET /api/compare?run=A&run=B`: two or more runs, in the order that was asked for. */
export const comparisonSchema = z.object({
  runs: z.array(side),
  /** Settings in which they differ, one value a run. */
  settings: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  /** Words and properties on which the runs do not agree, one effect a run. */
  differing: z.array(
    z.object({
      kind: z.enum(['word', 'property']),
      name: z.string(),
      values: z.array(z.object({ effect: z.number().nullable(), flagged: z.boolean() })),
    }),
  ),
  /** What trajectories found learned, one list of looks a run: null for one that did not. */
  learned: z.array(
    learnedItemSchema.pick({ kind: true, name: true, inWords: true }).extend({
      runs: z.array(learnedItemSchema.shape.looks.nullable()),
    }),
  ),
});

export type Comparison = z.infer<typeof comparisonSchema>;
