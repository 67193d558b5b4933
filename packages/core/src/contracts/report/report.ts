import { z } from 'zod';
import { estimatorAgreement } from './agreement.ts';
import type { agreementMeasures } from './agreement.ts';
import { changes } from './changes.ts';
import { feature, saeRun } from './features.ts';
import { preferences } from './preferences.ts';
import { replies } from './replies.ts';
import { shift } from './shift.ts';
import { validation } from './validation.ts';
import { heatText, statedLine, word } from './words.ts';

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
    explainedBase: z
      .number()
      .describe('The same by the features of the base model that match them: the control.'),
    features: z.int(),
    positions: z.int(),
    change: z
      .strictObject({
        windows: z.int().describe('Occurrences of scored words looked at.'),
        shift: z
          .number()
          .describe(
            'log p_tuned / p_base of the words there, along their stated feedback: sum of stated x shift over the sum of |stated|; nats.',
          ),
        sites: z.array(
          z.strictObject({
            site: z.string(),
            total: z
              .number()
              .describe('Part that goes through the change of the site, to first order; nats.'),
            error: z.number().describe('Part of it that no feature carries.'),
            patched: z
              .strictObject({ windows: z.int(), correlation: z.number().nullable() })
              .describe(
                'Pearson correlation of first order with what putting the activation of the base there changes.',
              ),
          }),
        ),
      })
      .nullable()
      .describe('By gradients; null where the tuned model cannot be differentiated.'),
    contradicting: z
      .strictObject({
        words: z.int().describe('Words that were learned against their stated feedback.'),
        tested: z.int(),
        flagged: z.int(),
      })
      .describe('Features that push these words against it, at a false discovery rate of 5 %.'),
  }),
  contrast: z.strictObject({
    triples: z.int(),
    words: z.int(),
    meanPositive: z.number().describe('Mean signed distance of positive versions to neutral.'),
    meanNegative: z.number(),
  }),
  agreement: estimatorAgreement.describe('Of the main estimator, the log-ratio.'),
  estimators: z.array(estimatorAgreement).describe('Of every estimator, the main one first.'),
  line: statedLine.nullable().describe('null where the words are too few for one.'),
  words: z.array(word).describe('Every word scored, by score, largest first.'),
  features: z
    .array(feature)
    .describe('Those that carry the shift most, then those that stand most on scored tokens.'),
  heatTexts: z.array(heatText),
  validation,
  changes: changes.optional(),
  shift: shift.optional(),
  replies: replies.nullable().describe('null where there are too few texts to tell.'),
  preferences: preferences.nullable().describe('null without preference pairs.'),
});

/** `report.json`, typed. */
export type AuditReport = z.infer<typeof auditReportSchema>;
export type AgreementReport = AuditReport['agreement'];
export type WordReport = AuditReport['words'][number];
export type PreferencesReport = NonNullable<AuditReport['preferences']>;
export type RepliesReport = NonNullable<AuditReport['replies']>;
export type FeatureReport = AuditReport['features'][number];
export type AgreementMeasuresReport = z.infer<typeof agreementMeasures>;
