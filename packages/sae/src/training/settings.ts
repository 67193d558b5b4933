import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { checkKind, kindNames } from '../architectures/kinds.ts';
import type { SaeKind } from '../architectures/kinds.ts';

/** Every number up to here is exact in f32: the most tokens since a feature fired that can be counted. */
export const COUNTED_TOKENS = 2 ** 24;

const fraction = z.number().min(0).max(1);
/** How an SAE is trained. All values refer to activations after `normalize`. */
export const saeTrainingSettingsSchema = z.strictObject({
  kind: z.enum(kindNames).default('topk').describe('Architecture.'),
  k: z
    .int()
    .positive()
    .default(16)
    .describe(
      'Active features per row: of each row (topk), on average over a batch (batchtopk, matryoshka, crosscoder).',
    ),
  widths: z
    .array(fraction.gt(0))
    .nonempty()
    .default([1 / 16, 1 / 8, 1 / 4, 1 / 2, 1])
    .describe(
      'Shares of the features, increasing to 1, that also reconstruct on their own (matryoshka).',
    ),
  models: z
    .int()
    .min(2)
    .default(2)
    .describe('Number of models whose activations are side by side in a row (crosscoder).'),
  l1: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Weight of the sum of the features (tied, relu) or of the gates (gated).'),
  l1Per: z
    .enum(['row', 'dimension'])
    .default('row')
    .describe(
      'Relative to the error summed over dimensions, or to its mean over them (dIn times the weight).',
    ),
  l0: z
    .number()
    .nonnegative()
    .default(1)
    .describe('Weight of the number of active features (jumprelu).'),
  bandwidth: z
    .number()
    .positive()
    .default(0.5)
    .describe(
      'Width around the threshold within which pre-activations give it a gradient (jumprelu). SAELens uses 0.05.',
    ),
  threshold: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Initial threshold of features (jumprelu). Normalised activations have pre-activations of about this size; from 0.01, as in SAELens, thresholds need far longer runs to get there.',
    ),
  preAct: z
    .number()
    .nonnegative()
    .default(3e-6)
    .describe(
      'Weight of the distance of dead features to their thresholds (jumprelu; Anthropic, January 2025); 0 for none.',
    ),
  optimizer: z
    .enum(['adam', 'adamw', 'sgd'])
    .default('adam')
    .describe('Update rule, as in PyTorch; sgd with momentum beta1.'),
  learningRate: z
    .number()
    .positive()
    .default(2e-3)
    .describe('Highest learning rate, between warm-up and decay.'),
  beta1: fraction.lt(1).default(0.9).describe('Decay of the mean gradient; momentum of sgd.'),
  beta2: fraction.lt(1).default(0.999).describe('Decay of the mean squared gradient.'),
  weightDecay: z
    .number()
    .nonnegative()
    .default(0.01)
    .describe('Share of the weights that a step at learning rate 1 removes (adamw).'),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Largest norm of the gradient over all weights; null for no limit. Slows topk down.'),
  warmUp: fraction
    .default(0.05)
    .describe('Share of the steps in which the learning rate grows from 0.'),
  decay: fraction
    .default(0.2)
    .describe('Share of the steps, at the end, in which the learning rate falls to 0.'),
  sparsityWarmUp: fraction
    .default(0.05)
    .describe('Share of the steps in which the weights l1 and l0 grow from 0.'),
  batchRows: z.int().positive().default(1024).describe('Rows per step.'),
  tokens: z.int().positive().default(300_000).describe('Rows seen in training, over all passes.'),
  targetL0: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'Average number of active features per row that thresholds are set for after training, on rows of the store (batchtopk, matryoshka, crosscoder, jumprelu); null leaves them as training left them.',
    ),
  passes: z.int().positive().default(100).describe('Most passes over the rows.'),
  normalize: z
    .boolean()
    .default(true)
    .describe(
      'Scale activations to a mean norm of sqrt(dIn) while training; folded into the weights.',
    ),
  bufferRows: z
    .int()
    .positive()
    .default(65_536)
    .describe('Rows held in memory, from which batches are drawn.'),
  shuffleSeed: z
    .int()
    .nonnegative()
    .default(0)
    .describe('Decides the order of the rows; SAEs trained together share it.'),
  auxCoefficient: z
    .number()
    .nonnegative()
    .default(1)
    .describe(
      'Weight of the error that dead features leave in reconstructing the residual, relative to the reconstruction error (topk, batchtopk, matryoshka, crosscoder; SAELens uses 1); 0 for none.',
    ),
  auxK: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Dead features per row that take part in it; null for dIn / 2.'),
  deadTokens: z
    .int()
    .positive()
    .max(COUNTED_TOKENS)
    .nullable()
    .default(null)
    .describe(
      'Tokens without firing after which a feature counts as dead; null for a tenth of `tokens`, 10 million at most.',
    ),
  resampleTokens: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Tokens between restarts of dead features (tied, relu, gated); null for never.'),
});

export type SaeTrainingSettings = z.infer<typeof saeTrainingSettingsSchema>;

/** Settings with their defaults. Throws `config-invalid`. */
export function parseSettings(given: Partial<SaeTrainingSettings>): SaeTrainingSettings {
  const parsed = saeTrainingSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `SAE training settings: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them or leave them out',
  });
}

/** The kind of an SAE of `dSae` features that the settings ask for. Throws `config-invalid` if they do not fit. */
export function kindOf(settings: SaeTrainingSettings, dSae: number): SaeKind {
  const kind = unchecked(settings, dSae);
  checkKind(kind, dSae);
  return kind;
}

function unchecked({ kind, k, widths, models }: SaeTrainingSettings, dSae: number): SaeKind {
  switch (kind) {
    case 'topk':
    case 'batchtopk':
      return { kind, k };
    case 'matryoshka': {
      const rounded = widths.map((share) => Math.max(1, Math.round(share * dSae)));
      return { kind, k, widths: rounded.filter((width, i) => width !== rounded[i - 1]) };
    }
    case 'crosscoder':
      return { kind, k, models };
    default:
      return { kind };
  }
}

/** Tokens without firing after which a feature counts as dead. */
export const deadTokensOf = ({ deadTokens, tokens }: SaeTrainingSettings): number =>
  deadTokens ?? Math.max(1, Math.min(10_000_000, Math.round(tokens / 10)));
