import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { pairAccuracy } from '../../pair-accuracy.ts';
import { bootstrapped, interval } from '../../shapes.ts';

const weight = z.strictObject({ value: z.number(), standardError: z.number(), interval });

const word = z.strictObject({
  word: z.string().describe('The token, including its leading space.'),
  token: z.int().describe('Vocabulary id.'),
  n: z.int().describe('Pairs whose replies differ in how often they contain it.'),
  inData: weight.describe(
    'Log-odds (nats) of being chosen, per additional occurrence (Bradley-Terry).',
  ),
  learned: weight.describe('Implicit margin (nats) per additional occurrence (ridge regression).'),
  expected: z.number().describe('Learned weight that the weight in the data predicts.'),
  score: z.number().describe('Standardised difference; positive: learned more than the data say.'),
  p: z.number().describe('Two-sided.'),
  q: z.number().describe('p, adjusted for the false discovery rate (Benjamini-Hochberg).'),
  flagged: z.boolean(),
  carries: z
    .number()
    .nullable()
    .describe(
      "Share of the flagged pairs' contradiction that it carries; null where none is flagged.",
    ),
});

const reply = z.strictObject({
  tokens: z.array(z.string()),
  logRatio: z.array(z.number()).describe('log p_tuned / p_base of each token, nats.'),
  reward: z.number().describe('Their sum: the implied reward.'),
});

const agreement = z.strictObject({
  split: z.string(),
  value: z.number().nullable().describe('Share of pairs, ties counting half.'),
  interval: bootstrapped,
  n: z.int().describe('Pairs of which both replies have a score.'),
});

const told = z.strictObject({
  signal: z.string(),
  scored: z.int().describe('Pairs of which it scores both replies.'),
  labels: z.array(agreement).describe('In which it prefers the labelled reply.'),
  learned: z.array(agreement).describe('In which it prefers the reply that tuning moved ahead.'),
});

const histogram = z.strictObject({
  split: z.string(),
  from: z.number().describe('Lower edge of the first bin, nats.'),
  width: z.number().describe('Width of a bin, nats.'),
  counts: z.array(z.int()).describe('Pairs per bin; the outermost bins include those beyond them.'),
});

/** What preference pairs say, what the tuned model learned from them, and where the two contradict. */
const preferences = z.strictObject({
  file: z.string(),
  pairs: z.int().describe('Pairs analysed.'),
  left: z.int().describe('Pairs in the file that were left out (maxPairs, no token to score).'),
  prompts: z.int().describe('Distinct prompts.'),
  truncated: z
    .int()
    .describe('Pairs longer than the context: prompts lost their beginning, replies their end.'),
  explained: z
    .number()
    .nullable()
    .describe("Share of the margins' variance that words explain on pairs with other prompts."),
  accuracies: z.array(pairAccuracy),
  margins: z.array(histogram).describe('Implicit margins, chosen minus rejected.'),
  words: z.array(word).describe('Largest difference between data and learned first.'),
  flagged: z.int().describe('Pairs whose margin contradicts their label beyond chance.'),
  contradictions: z
    .array(
      z.strictObject({
        pair: z.int().describe('Index in the file.'),
        id: z.union([z.string(), z.number()]).nullable(),
        split: z.string().nullable(),
        prompt: z.string(),
        chosen: reply,
        rejected: reply,
        margin: z.number().describe('Reward of the chosen reply minus that of the rejected one.'),
        inData: z.number().describe('Log-odds of the label predicted from the words.'),
        learned: z.number().describe('Margin predicted from the words, nats.'),
        score: z.number(),
        p: z.number(),
        q: z.number(),
        flagged: z.boolean(),
        words: z.array(z.string()).describe('Tokens on which the contradiction turns most.'),
      }),
    )
    .describe('The pairs that most contradict their label.'),
  told: told.optional().describe('What the signal on replies says of these; absent without one.'),
  knownTruth: z
    .array(
      z.strictObject({
        split: z.string(),
        n: z.int(),
        turned: z.int().describe('Pairs for which tuning used the opposite label.'),
        auroc: z.number().nullable().describe('Of the contradiction score, against those pairs.'),
        aurocOfMargin: z.number().nullable().describe('Of the negative margin alone.'),
        aurocOfWords: z
          .number()
          .nullable()
          .describe('Of the negative margin predicted from the words.'),
        flagged: z.int(),
        precision: z.number().nullable(),
        recall: z.number().nullable(),
        accuracyOnTrained: z
          .number()
          .nullable()
          .describe('Accuracy of the margin on the labels that tuning used.'),
      }),
    )
    .nullable()
    .describe('For evaluation only, from trained_label_agrees; null where the file does not say.'),
});

export const shape = { preferences };

export type Report = ChapterReport<typeof shape>;
export type PreferencesReport = Report['preferences'];
