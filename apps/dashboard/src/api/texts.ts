import { z } from 'zod';
import { plainRows } from './plain-rows.ts';

/** What texts can be sorted by: their order in the file, how far tuning moved their tokens, up or down. */
export const textSorts = ['order', 'moved', 'up', 'down'] as const;

/** `GET /api/runs/:id/texts?...`. */
export const textQuerySchema = z.object({
  /** A word that is in them. */
  word: z.string().max(100).default(''),
  sort: z.enum(textSorts).default('order'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const readSchema = z.object({
  tokens: z.array(z.string()),
  /** log p(tuned) - log p(base) of each, nats; null for the first, which nothing predicts. */
  shifts: z.array(z.number().nullable()),
});

const textRowSchema = readSchema.extend({
  /** Index of the text. */
  text: z.int(),
  /** Number of its tokens; those shown are some of them. */
  length: z.int(),
  /** Mean shift of its tokens, nats. */
  mean: z.number().nullable(),
  /** Mean size of the shifts. */
  moved: z.number().nullable(),
});

export const textListSchema = z.object({
  total: z.int(),
  /** Number of tokens of all texts of the run. */
  tokens: z.int(),
  texts: plainRows(textRowSchema),
});

/** `GET /api/runs/:id/texts/:text`. */
export const textSchema = readSchema.extend({
  text: z.int(),
  /** What was stated of each; null for nothing. */
  stated: z.array(z.number().nullable()),
});

export type TextQuery = z.infer<typeof textQuerySchema>;
export type TextRow = z.infer<typeof textRowSchema>;
export type TextList = z.infer<typeof textListSchema>;
export type ReadText = z.infer<typeof textSchema>;
