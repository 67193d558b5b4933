import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { z } from 'zod';

/** Where an audit's defaults come from. */
export const auditPresets = ['default', 'paper'] as const;
export type Preset = (typeof auditPresets)[number];

/** What shapes an audit's result, besides models, texts, feedback and labeler. */
export const auditSettingsSchema = z.strictObject({
  preset: z.enum(auditPresets).default('default').describe('Where the other defaults come from.'),
  seed: z.int().nonnegative().max(0xffff_ffff).default(0).describe('Seed of every random choice.'),
  layers: z.int().positive().default(5).describe('Number of most-diverged layers to examine.'),
  maxTexts: z.int().positive().optional().describe('Read at most this many texts.'),
  maxPairs: z
    .int()
    .positive()
    .optional()
    .describe('Read a sample of at most this many preference pairs.'),
  chatTemplate: z
    .string()
    .min(1)
    .optional()
    .describe(
      "How conversations are written: model (the tuned model's template), hh (HH-RLHF), none, or a file in Jinja. Default: model where it has one, else hh.",
    ),
  sampleTokens: z
    .int()
    .min(1000)
    .default(60_000)
    .describe('Number of tokens whose activations train the SAEs.'),
  occurrences: z
    .int()
    .positive()
    .default(100)
    .describe('Most occurrences of each word whose features are averaged.'),
  widths: z
    .tuple([z.number().positive(), z.number().positive()])
    .optional()
    .describe("Features of the small and the large SAE, as multiples of the activations' width."),
  matched: z.int().positive().optional().describe('Best-matched features kept per layer.'),
  triples: z.int().positive().default(300).describe('Most contrastive triples.'),
  probeInput: z
    .enum(['features', 'reconstruction'])
    .optional()
    .describe("What the paper's probe reads: SAE features, or the SAEs' reconstructions."),
  prompts: z.int().positive().default(64).describe('Prompts in each generation run.'),
  promptTokens: z.int().positive().default(8).describe('Tokens per prompt.'),
  newTokens: z.int().positive().default(16).describe('Tokens per completion.'),
  randomAblations: z
    .int()
    .positive()
    .default(20)
    .describe('Random feature sets to compare each ablation with.'),
  changeTokens: z
    .int()
    .nonnegative()
    .default(40_000)
    .describe('Tokens over which changes are measured without labels; 0 turns this off.'),
  locationTokens: z
    .int()
    .nonnegative()
    .default(2_000)
    .describe('Tokens on which parts of the models are exchanged; 0 turns this off.'),
  freshReplies: z
    .int()
    .nonnegative()
    .default(600)
    .describe(
      'Fresh replies from each model, to prompts of the pairs, whose properties are judged; 0 turns this off.',
    ),
  placeboTokens: z
    .int()
    .nonnegative()
    .default(8000)
    .describe(
      'Tokens on which models that cannot have learned the feedback are judged; 0 turns this off.',
    ),
  onPolicyTokens: z
    .int()
    .nonnegative()
    .default(2000)
    .describe(
      'Tokens that each model writes, for the shifts of words in its own contexts; 0 turns this off.',
    ),
  causeTokens: z
    .int()
    .nonnegative()
    .default(1000)
    .describe(
      'Tokens on which directions that carry the effect are fitted, and as many on which they are tested; 0 turns this off.',
    ),
  labeled: z
    .int()
    .nonnegative()
    .default(24)
    .describe('Features to explain, by attribution, in addition to those that contradict.'),
});

type Given = z.infer<typeof auditSettingsSchema>;

/** What the presets set: the paper's n and 2n features, 30 matches and probe on X^, or what we believe to be right. */
const presets = {
  default: { widths: [2, 4], matched: 100, probeInput: 'features' },
  paper: { widths: [1, 2], matched: 30, probeInput: 'reconstruction' },
} as const satisfies Record<Given['preset'], Partial<Given>>;

export type AuditSettings = Omit<Given, 'widths' | 'matched' | 'probeInput'> & {
  readonly widths: readonly [number, number];
  readonly matched: number;
  readonly probeInput: 'features' | 'reconstruction';
};
export type AuditSettingsInput = z.input<typeof auditSettingsSchema>;

/** Throws `config-invalid` where more layers are asked for than the model has; fewer than the default are all looked into. */
export function checkLayers(asked: number | undefined, { name, info }: LanguageModel): void {
  if (asked === undefined || asked <= info.layers) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `${asked} layers were asked for, and ${name} has ${info.layers}`,
    remedy: `ask for ${info.layers} at most (--layers)`,
  });
}

/** Fills in defaults. Throws `config-invalid`, naming the key. */
export function parseAuditSettings(given: unknown): AuditSettings {
  const parsed = auditSettingsSchema.safeParse(given);
  if (parsed.success) {
    const { widths, matched, probeInput } = presets[parsed.data.preset];
    return {
      ...parsed.data,
      widths: parsed.data.widths ?? [...widths],
      matched: parsed.data.matched ?? matched,
      probeInput: parsed.data.probeInput ?? probeInput,
    };
  }
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the audit's settings are invalid: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them',
    cause: parsed.error,
  });
}
