import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { activityTable, enrichmentControl } from '../../shapes.ts';

const tokenEffect = z.strictObject({
  token: z.string(),
  effect: z.number().describe('Change of its log-probability, nats.'),
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
      'Part of the mean shift in expected next-token feedback, tuned minus base, attributed to it by a ridge regression over positions.',
    ),
  carriesBase: z
    .number()
    .nullable()
    .describe('The same for the most similar feature of the base model, at the same positions.'),
  change: z
    .number()
    .nullable()
    .describe(
      "First-order part of the scored words' shift, in the direction of their stated feedback, that goes through the change in its activation where they are predicted; nats, mean over words weighted by |stated|. null where the model cannot be differentiated.",
    ),
  onFeedback: z
    .number()
    .describe('Share of its activation that is on tokens that the feedback scores.'),
  label: z.string().nullable(),
  related: z.boolean().nullable().describe('Classified as about the feedback.'),
  labelScore: z.number().nullable().describe('Balanced accuracy of the label on held-out windows.'),
  oddsRatio: z
    .number()
    .nullable()
    .describe('Odds of strong stated feedback where it is active, over those elsewhere.'),
  fisherP: z.number().nullable().describe('One-sided; rows of one word are not independent.'),
  activity: activityTable,
  enrichmentControl: enrichmentControl.nullable(),
  ablationEffect: z
    .number()
    .nullable()
    .describe('Change in expected next-token feedback when it alone is switched off.'),
  discrepancy: z
    .strictObject({
      push: z
        .number()
        .describe(
          'Mean push against the stated feedback of the mis-learned words (those learned against it), relative to what features contribute to each of them.',
        ),
      expected: z.number().describe('The same for frequency-matched words.'),
      shifted: z
        .number()
        .describe('The same for words that moved as far in the same direction, in that direction.'),
      score: z
        .number()
        .describe('`push` above `expected`, in standard deviations over draws of words.'),
      p: z
        .number()
        .describe(
          'Share of random draws of either kind of word that it pushes as far; the larger.',
        ),
      q: z.number().describe('p, adjusted over all kept features (Benjamini-Hochberg).'),
      flagged: z.boolean(),
      words: z
        .array(z.string())
        .describe('Words that it pushes against their feedback, furthest first.'),
      texts: z
        .array(
          z.strictObject({
            word: z.string(),
            text: z.int().describe('Index of the text.'),
            tokens: z.array(z.string()).describe('The last one is the word.'),
            activations: z
              .array(z.number())
              .describe('Of every token but the last: the last of them predicts the word.'),
          }),
        )
        .describe('Where these words occur and the feature is most active before them.'),
    })
    .describe('How it relates to the words that were learned against their stated feedback.'),
  tokens: z
    .strictObject({
      promoted: z.array(tokenEffect).describe('Most promoted first.'),
      suppressed: z.array(tokenEffect).describe('Most suppressed first.'),
    })
    .nullable()
    .describe(
      'What its decoder vector, as strong as it gets, does to the next token by the direct path; null where the model does not show it.',
    ),
  histogram: z
    .strictObject({
      most: z.number().describe('The strongest activation.'),
      counts: z
        .array(z.int())
        .describe('Tokens with an activation above 0, by equal steps from 0 to the strongest.'),
    })
    .describe('Of its activations at sampled tokens.'),
  examples: z.array(
    z.strictObject({ tokens: z.array(z.string()), activations: z.array(z.number()) }),
  ),
});

export const shape = {
  attribution: z.strictObject({
    shift: z
      .number()
      .describe(
        'Mean shift in expected next-token feedback, tuned minus base, over sampled tokens.',
      ),
    explained: z
      .number()
      .describe("Share of the variance of the words' shifts that the kept features explain."),
    explainedBase: z
      .number()
      .describe('The same for the features of the base model that match them: the control.'),
    features: z.int(),
    positions: z.int(),
    change: z
      .strictObject({
        windows: z.int().describe('Occurrences of scored words looked at.'),
        shift: z
          .number()
          .describe(
            'log p_tuned / p_base of the words there, in the direction of their stated feedback: sum of stated x shift over the sum of |stated|; nats.',
          ),
        sites: z.array(
          z.strictObject({
            site: z.string(),
            total: z
              .number()
              .describe('Part that goes through the change in the site, to first order; nats.'),
            error: z.number().describe('Part of it that no feature carries.'),
            patched: z
              .strictObject({ windows: z.int(), correlation: z.number().nullable() })
              .describe(
                "Pearson correlation of the first-order estimate with the effect of patching in the base's activation.",
              ),
          }),
        ),
      })
      .nullable()
      .describe('By gradients; null where the tuned model cannot be differentiated.'),
    words: z
      .record(z.string(), z.array(z.string()))
      .describe(
        'Vocabulary id of each scored word -> ids of the features that carry most of its shift.',
      ),
    contradicting: z
      .strictObject({
        words: z.int().describe('Words that were learned against their stated feedback.'),
        tested: z.int(),
        flagged: z.int(),
      })
      .describe('Features that push these words against it, at a false discovery rate of 5 %.'),
  }),
  features: z
    .array(feature)
    .describe(
      'Those that carry most of the shift, then those with the largest share of their activation on scored tokens.',
    ),
};

export type Report = ChapterReport<typeof shape>;
export type FeatureReport = Report['features'][number];
