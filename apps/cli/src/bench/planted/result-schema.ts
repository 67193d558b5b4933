import { z } from 'zod';
import { interval, rate } from '../figure-shapes.ts';

const spread = z
  .strictObject({
    n: z.int(),
    median: z.number(),
    high: z.number(),
    low: z.number(),
    worst: z.string(),
  })
  .describe('Over the pairs that have the figure; the pair with the lowest is named.');

const coverage = z
  .strictObject({
    covered: rate,
    difference: z.number().nullable(),
    expected: z.number().nullable(),
  })
  .describe(
    'How often two estimates of one number differ by no more than their 95 % intervals allow; root mean square of the differences, nats, and as the standard errors expect it.',
  );

const scores = z.strictObject({
  words: z.int(),
  planted: z.int().describe('Words that are true to find.'),
  auroc: z.number().nullable(),
  averagePrecision: z.number().nullable(),
  precisionAtPlanted: z.number().nullable(),
  flagged: z.int().nullable().describe('null for a method that only ranks.'),
  falseFlags: z.int().nullable(),
  found: z.number().nullable(),
  falselyFlagged: z.number().nullable(),
});

const preset = z.enum(['default', 'paper']).nullable();
const labels = z
  .enum(['none', 'stated'])
  .describe(
    'Whether the stated feedback enters the score: how far a word changed, or how far against it.',
  );

const method = z.strictObject({
  method: z.string(),
  preset: preset.describe('Of its SAEs; null for a method without.'),
  labels,
  construction: scores.describe('Against the words whose feedback was reversed.'),
  frequent: scores.describe('The same over words that stand in the texts at least 20 times.'),
  behaviour: scores
    .nullable()
    .describe(
      'Against the words that the model writes against their feedback; null without a twin.',
    ),
  seconds: z.number().describe('Of the stages that it rests on.'),
});

const verdict = z.enum(['learned', 'reversed', 'unrelated', 'undecided']);
const effect = { verdict, effect: z.number().nullable(), interval: interval.nullable() };

const pair = z.strictObject({
  pair: z.string(),
  base: z.string(),
  texts: z.string(),
  evidence: z
    .enum(['development', 'held-out'])
    .describe('Development: constants were chosen with it in view.'),
  truth: z
    .enum(['planted', 'clean', 'placebo'])
    .describe('Some feedback reversed, none, or never tuned on the feedback.'),
  planted: z.int(),
  ...effect,
  flagged: z.array(z.string()),
  falselyFlagged: z.array(z.string()).describe('Of these, not reversed by construction.'),
  coverage: z.strictObject({
    halves: coverage.describe('Between the even and the odd texts.'),
    twin: coverage
      .nullable()
      .describe(
        'Between two runs of tuning, over words told the same: no interval claims to cover it.',
      ),
  }),
  behaviour: z
    .strictObject({
      twin: z.string(),
      words: z.int().describe('Words whose rate can be told to half a nat.'),
      byChance: z.number().describe('Words that would count as moved if none had been.'),
      moved: z
        .array(z.string())
        .describe('Written against their feedback, compared with the twin.'),
      unmoved: z.array(z.string()).describe('Reversed by construction, and not among these.'),
    })
    .nullable(),
  methods: z.array(method),
});

const restated = z.strictObject({
  pair: z.string(),
  kind: z.enum(['dealt out', 'constant', 'negated', 'reversed at random']),
  seed: z.int().nullable(),
  ...effect,
  reversed: z.int().describe('Words whose sign was changed.'),
  flagged: z.int(),
  found: z.int().describe('Flagged words whose sign was changed at random: true by construction.'),
});

const placebo = z.strictObject({
  of: z.string().describe('Pair, or base, that it was made of.'),
  placebo: z.string(),
  ...effect,
  flagged: z.int(),
});

const methodSummary = z.strictObject({
  method: z.string(),
  preset,
  labels,
  auroc: spread.nullable(),
  averagePrecision: spread.nullable(),
  behaviour: spread.nullable().describe('AUROC against behaviour.'),
  recall: rate
    .nullable()
    .describe('Planted words found, over all pairs; null if it does not flag.'),
  falseDiscovery: rate.nullable().describe('Flagged words that were not planted, over all pairs.'),
});

const tally = z.strictObject({
  of: z.string(),
  learned: z.int(),
  reversed: z.int(),
  unrelated: z.int(),
  undecided: z.int(),
});

const summary = z.strictObject({
  methods: z.array(methodSummary),
  falseDiscovery: z
    .strictObject({
      nominal: z.number(),
      pairs: rate,
      reversedAtRandom: rate,
      all: rate,
      behaviour: rate,
    })
    .describe(
      'Of the words that the audit flags, those that were not reversed; under behaviour, those that the model does not write against their feedback either.',
    ),
  anyFlag: z
    .array(z.strictObject({ placebo: z.string(), rate }))
    .describe('How often a placebo has any flagged word, by kind, then over all.'),
  recall: z.strictObject({
    pairs: rate,
    reversedAtRandom: rate,
    byPower: z
      .array(
        z.strictObject({
          from: z.number(),
          to: z.number(),
          promised: z.number().nullable(),
          recall: rate,
        }),
      )
      .describe(
        'Where the feedback was called learned: recall by the power that the audit claims.',
      ),
  }),
  verdicts: z
    .array(tally)
    .describe('What was called what: abstention is undecided, or not learned.'),
});

/** Result of `feedprint bench planted --json`. */
export const plantedResultSchema = z.strictObject({
  format: z.literal('feedprint-bench-planted/1'),
  feedprint: z.string(),
  configuration: z
    .record(z.string(), z.unknown())
    .describe('Everything that decides the figures: settings, models, texts, constants.'),
  hash: z.string().describe('Of the configuration.'),
  constants: z
    .array(z.strictObject({ name: z.string(), value: z.number(), meaning: z.string() }))
    .describe('Chosen with development pairs in view.'),
  pairs: z.array(pair),
  restated: z.array(restated).describe('The pairs with other stated feedback than was told.'),
  placebos: z.array(placebo).describe('Models that cannot have learned the feedback.'),
  summary,
});

export type PlantedResult = z.infer<typeof plantedResultSchema>;
export type PairResult = z.infer<typeof pair>;
export type MethodScore = z.infer<typeof method>;
export type RestatedResult = z.infer<typeof restated>;
export type PlaceboResult = z.infer<typeof placebo>;
export type Summary = z.infer<typeof summary>;
