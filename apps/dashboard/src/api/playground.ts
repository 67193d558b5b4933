import { z } from 'zod';

const turnSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(20_000),
});

/** What is asked of the models: a text, or a chat that the model's own template writes. */
export const promptSchema = z.union([
  z.strictObject({ text: z.string().min(1).max(50_000) }),
  z.strictObject({ chat: z.array(turnSchema).min(1).max(50) }),
]);

/** `POST /api/runs/:id/playground/read`. */
export const readRequestSchema = z.strictObject({ prompt: promptSchema });

const activeFeatureSchema = z.object({
  site: z.string(),
  index: z.int(),
  activation: z.number(),
  label: z.string().nullable(),
});

export const readAnswerSchema = z.object({
  tokens: z.array(
    z.object({
      text: z.string(),
      /** What was stated of it; null for nothing. */
      stated: z.number().nullable(),
      base: z.number().nullable(),
      tuned: z.number().nullable(),
      features: z.array(activeFeatureSchema),
    }),
  ),
  next: z.array(z.object({ text: z.string(), base: z.number(), tuned: z.number() })),
  truncated: z.boolean(),
  canSteer: z.boolean(),
});

/** `POST /api/runs/:id/playground/continue`. */
export const continueRequestSchema = z.strictObject({
  prompt: promptSchema,
  ablate: z.array(z.strictObject({ site: z.string(), index: z.int().min(0) })).max(200),
  /** How many times the learned direction is added. */
  dose: z.number().min(-20).max(20),
  temperature: z.number().min(0).max(5),
  newTokens: z.int().min(1).max(200),
  seed: z.int().min(0).max(0xffff_ffff),
});

export const continueAnswerSchema = z.object({
  base: z.string(),
  tuned: z.string(),
  changed: z.string().nullable(),
});

/** `POST /api/runs/:id/playground/edit`. */
export const editRequestSchema = z.strictObject({
  prompt: z.string().max(50_000),
  reply: z.string().min(1).max(50_000),
});

const ratedSchema = z.object({ reply: z.string(), R: z.number().nullable() });

export const editAnswerSchema = z.object({
  written: ratedSchema,
  edits: z.array(
    ratedSchema.extend({
      edit: z.string(),
      definition: z.string(),
      property: z.string(),
      change: z.number(),
    }),
  ),
});

export type PlaygroundPrompt = z.infer<typeof promptSchema>;
export type ReadAnswer = z.infer<typeof readAnswerSchema>;
export type ContinueRequest = z.infer<typeof continueRequestSchema>;
export type ContinueAnswer = z.infer<typeof continueAnswerSchema>;
export type EditAnswer = z.infer<typeof editAnswerSchema>;
