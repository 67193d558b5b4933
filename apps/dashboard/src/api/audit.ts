import { z } from 'zod';

/** A number of the report with what it rests on, and how to get it from the run's tables. */
export const figureSchema = z.object({
  title: z.string(),
  /** Its place in `report.json`. */
  place: z.string(),
  value: z.number(),
  /** `level` in per cent. */
  interval: z.object({ low: z.number(), high: z.number(), level: z.int() }).nullable(),
  n: z.number().nullable(),
  /** What n counts. */
  of: z.string(),
  sql: z.string(),
  /** Name of the table that the SQL reads. */
  table: z.string(),
  /** A view of the data that it was measured on: texts, or the pairs of the property of that name. */
  data: z
    .object({ view: z.enum(['texts', 'replies']), name: z.string().nullable(), what: z.string() })
    .optional(),
});

/** What may carry what was learned: candidates, what they were measured to do, and what they are held against. */
export const causesSchema = z.object({
  /** What the verdict is on; null where there is none. */
  candidate: z.string().nullable(),
  /** Whether it meets all criteria; null where none was tested. */
  holds: z.boolean().nullable(),
  criteria: z.array(
    z.object({
      asks: z.string(),
      value: z.number().nullable(),
      limit: z.number(),
      passed: z.boolean(),
    }),
  ),
  groups: z.array(z.object({ title: z.string(), figures: z.array(figureSchema) })),
});

const pointSchema = z.object({ stated: z.number(), estimate: z.number(), flagged: z.boolean() });

/** With a 90 % interval. */
const columnSchema = z.object({ effect: z.number(), low: z.number(), high: z.number() }).nullable();

/** A property of replies: what was told, what the data say, what was learned. */
export const propertyRowSchema = z.object({
  name: z.string(),
  definition: z.string(),
  verdict: z.string(),
  flagged: z.boolean(),
  told: columnSchema,
  inData: columnSchema,
  learned: columnSchema,
  /** Change of its mean in the model's own replies. */
  behaves: columnSchema,
  causes: columnSchema,
  /** The furthest that a placebo reaches. */
  placebo: z.number().nullable(),
});

export const wordRowSchema = pointSchema.extend({
  word: z.string(),
  token: z.int(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int(),
  score: z.number(),
  q: z.number().nullable(),
  power: z.number().nullable(),
});

/** `GET /api/runs/:id/audit`: the first screen and what hangs on it. */
export const auditSchema = z.object({
  name: z.string(),
  createdAt: z.string(),
  seconds: z.number(),
  command: z.string().nullable(),
  pending: z.array(z.string()),
  models: z.object({
    base: z.string(),
    tuned: z.string(),
    architecture: z.string(),
    layers: z.int(),
    width: z.int(),
    parameters: z.int(),
  }),
  feedback: z.string().nullable(),
  rewarded: z.string().nullable(),
  texts: z.object({ file: z.string(), count: z.int(), tokens: z.int(), truncated: z.int() }),
  answer: z.object({
    sentence: z.string(),
    restsOn: z.array(z.string()),
    notVisible: z.array(z.string()),
    next: z.array(z.object({ what: z.string(), command: z.string() })),
  }),
  summary: z.array(z.string()),
  figures: z.array(figureSchema),
  /** Null where no cause was sought. */
  causes: causesSchema.nullable(),
  words: z.array(wordRowSchema),
  properties: z.array(propertyRowSchema),
  /** Placebos: what the same measure says of models that never saw the feedback. */
  placebos: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      effect: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
  settings: z.record(z.string(), z.unknown()),
});

/** `GET /api/runs/:id/figures`: numbers of the report by their place. */
export const figureListSchema = z.object({
  total: z.int(),
  figures: z.array(z.object({ figure: z.string(), value: z.number() })),
});

export const figureQuerySchema = z.object({
  search: z.string().max(200).default(''),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

export type Figure = z.infer<typeof figureSchema>;
export type PropertyRow = z.infer<typeof propertyRowSchema>;
export type WordRow = z.infer<typeof wordRowSchema>;
export type Audit = z.infer<typeof auditSchema>;
export type FigureList = z.infer<typeof figureListSchema>;
