import { z } from 'zod';

const interval = z.strictObject({ low: z.number(), high: z.number() }).describe('95 % interval.');

const measure = z.strictObject({
  value: z.number().nullable().describe('null where the data do not define it.'),
  interval: interval.nullable(),
  n: z.int().describe('Number of words it rests on.'),
});

const agreementMeasures = z.strictObject({
  tauB: measure.describe("Kendall's tau-b on values."),
  spearman: measure,
  pearson: measure,
  signAccuracy: measure.describe('Share of words whose estimate has the stated sign.'),
  auroc: measure.describe("Probability that a positive word's estimate exceeds a negative one's."),
});

const estimatorAgreement = agreementMeasures.extend({
  estimator: z.string(),
  description: z.string(),
  controls: z.array(agreementMeasures.extend({ control: z.string(), description: z.string() })),
});

const word = z.strictObject({
  word: z.string().describe('As it stands in a text, without its leading space.'),
  token: z.int().describe('Vocabulary id.'),
  stated: z.number().describe('Stated feedback.'),
  estimate: z.number().describe('Learned feedback, in nats of log p_tuned / p_base.'),
  interval,
  n: z.int().describe('Occurrences in the texts.'),
  expected: z
    .number()
    .describe('Estimate that the stated feedback predicts (robust line over all words).'),
  score: z.number().describe('Larger: contradicts the stated feedback more.'),
  p: z.number().describe('One-sided p-value of the contradiction.'),
  q: z.number().describe('p, adjusted for the false discovery rate (Benjamini-Hochberg).'),
  flagged: z.boolean(),
  features: z.array(z.string()).describe('Ids of the features that carry the estimate most.'),
});

const saeRun = z.strictObject({
  model: z.enum(['base', 'tuned']),
  site: z.string(),
  dSae: z.int(),
  kind: z.string(),
  curve: z.array(
    z.strictObject({ step: z.int(), mse: z.number(), l0: z.number(), loss: z.number() }),
  ),
  fvu: z.number().describe('Fraction of variance unexplained, about the mean, on held-out rows.'),
  l0: z.number().describe('Mean active features a row.'),
  alive: z.number().describe('Share of features active at least once.'),
});

const feature = z.strictObject({
  id: z.string().describe('site/index in the tuned SAE.'),
  site: z.string(),
  index: z.int(),
  density: z.number().describe('Share of tokens on which it is active.'),
  matchedBase: z.number().describe("Cosine similarity to the base SAE's most similar feature."),
  matchedLarge: z
    .number()
    .describe("Cosine similarity to the tuned large SAE's most similar feature."),
  carries: z
    .number()
    .describe(
      'Part of the mean shift of the expected next-token feedback, tuned minus base, that goes with it (ridge regression over positions).',
    ),
  onFeedback: z
    .number()
    .describe('Share of its activation that stands on tokens which the feedback scores.'),
  label: z.string().nullable(),
  related: z.boolean().nullable().describe('Classified as about the feedback.'),
  labelScore: z.number().nullable().describe('Balanced accuracy of the label on held-out windows.'),
  oddsRatio: z.number().nullable(),
  fisherP: z.number().nullable(),
  ablationEffect: z
    .number()
    .nullable()
    .describe('Change of the expected next-token feedback when it alone is switched off.'),
  examples: z.array(
    z.strictObject({ tokens: z.array(z.string()), activations: z.array(z.number()) }),
  ),
});

const heatText = z.strictObject({
  text: z.int().describe('Index of the text.'),
  tokens: z.array(z.string()),
  logRatio: z.array(z.number()).describe('log p_tuned / p_base of each token, nats.'),
  stated: z.array(z.number().nullable()).describe('Stated feedback of each token.'),
  flagged: z.array(z.int()).describe('Positions of flagged words.'),
});

/** `report.json`: everything that one audit found. */
export const auditReportSchema = z.strictObject({
  schema: z.literal('feedprint-report/1'),
  feedprint: z.string().describe('Version that wrote it.'),
  name: z.string(),
  createdAt: z.iso.datetime(),
  seconds: z.number().describe('Wall-clock time of all stages, over all starts.'),
  models: z.strictObject({
    base: z.string(),
    tuned: z.string(),
    architecture: z.string(),
    layers: z.int(),
    width: z.int(),
    parameters: z.int(),
    baseFingerprint: z.string(),
    tunedFingerprint: z.string(),
  }),
  feedback: z.strictObject({ name: z.string(), range: z.tuple([z.number(), z.number()]) }),
  texts: z.strictObject({
    file: z.string(),
    count: z.int(),
    tokens: z.int(),
    truncated: z.int().describe("Texts longer than the model's context, cut there."),
    scoredTokens: z.int().describe('Tokens on which the feedback says something.'),
    unscoredWords: z.int().describe('Words of the lexicon that the tokenizer splits, not scored.'),
  }),
  settings: z
    .record(z.string(), z.unknown())
    .describe('The whole configuration, defaults filled in.'),
  summary: z.array(z.string()).describe('The findings in sentences, most important first.'),
  divergence: z.array(
    z.strictObject({
      layer: z.int(),
      l2: z.number(),
      relativeL2: z.number(),
      kept: z.boolean(),
    }),
  ),
  saes: z.array(saeRun),
  matching: z.array(
    z.strictObject({
      site: z.string(),
      baseTuned: z.number().describe('MMCS of the tuned SAE against the base SAE.'),
      smallLarge: z.number().describe('MMCS of the small tuned SAE against the large one.'),
      kept: z.int(),
    }),
  ),
  attribution: z.strictObject({
    shift: z
      .number()
      .describe(
        'Mean shift of the expected next-token feedback, tuned minus base, over sampled tokens.',
      ),
    explained: z
      .number()
      .describe("Share of the variance of the words' shifts that the kept features explain."),
    features: z.int(),
    positions: z.int(),
  }),
  contrast: z.strictObject({
    triples: z.int(),
    words: z.int(),
    meanPositive: z.number().describe('Mean signed distance of positive versions to neutral.'),
    meanNegative: z.number(),
  }),
  agreement: estimatorAgreement.describe('Of the main estimator, the log-ratio.'),
  estimators: z.array(estimatorAgreement).describe('Of every estimator, the main one first.'),
  words: z.array(word).describe('Every word scored, by score, largest first.'),
  features: z
    .array(feature)
    .describe('Those that carry the shift most, then those that stand most on scored tokens.'),
  heatTexts: z.array(heatText),
  validation: z.strictObject({
    enrichment: z
      .strictObject({ oddsRatio: z.number().nullable(), p: z.number().nullable(), n: z.int() })
      .describe('Related features against strong feedback (Fisher).'),
    ablation: z.array(
      z.strictObject({
        name: z.string().describe('none, related, random 1, ...'),
        kind: z.enum(['none', 'related', 'carriers', 'random', 'reconstruction']),
        against: z
          .enum(['related', 'carriers'])
          .nullable()
          .describe('Of a random one: which ablation it is the control of.'),
        features: z.int(),
        reward: z.number().describe('Mean feedback of generations, per completion.'),
        interval,
        n: z.int(),
      }),
    ),
    crossEntropy: z.array(
      z.strictObject({
        site: z.string(),
        unmodified: z.number(),
        reconstructed: z.number(),
        zeroed: z.number(),
        recovered: z
          .number()
          .nullable()
          .describe(
            '(zeroed - reconstructed) / (zeroed - unmodified); null where zeroing costs less than 0.01 nats.',
          ),
      }),
    ),
  }),
});

/** `report.json`, typed. */
export type AuditReport = z.infer<typeof auditReportSchema>;
export type AgreementReport = AuditReport['agreement'];
export type WordReport = AuditReport['words'][number];
export type FeatureReport = AuditReport['features'][number];
export type AgreementMeasuresReport = z.infer<typeof agreementMeasures>;
