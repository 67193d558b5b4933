import { propertyVerdicts } from '@feedprint/probe';
import { predictionFitSchema } from '@feedprint/report/chapters/properties';
import { z } from 'zod';
import { rate } from '../figure-shapes.ts';
import { baselines } from './baseline-scores.ts';

const verdict = z.enum(propertyVerdicts);
const kind = z
  .enum(['learned', 'absent', 'spilled', 'faint'])
  .describe(
    'By behaviour: learned, planted or stated and moved by 5 standard errors; absent, by less than 3; spilled, moved though neither; faint, between.',
  );

const cell = z.strictObject({
  property: z.string(),
  dose: z.number().describe('0 where it was not planted.'),
  truth: kind,
  inData: z.boolean().describe('Whether the labels of the pairs reward it by construction.'),
  z: z.number().describe('Change in what the models write, standard errors.'),
  difference: z.number().describe('The same in the property’s units.'),
  score: z.number(),
  verdict,
  flagged: z.boolean(),
  rightSign: z.boolean().nullable().describe('Of a flag, by behaviour; null without.'),
  covered: z
    .boolean()
    .nullable()
    .describe(
      'Whether the 90 % interval of the change in behaviour, widened by the error of the truth, holds it.',
    ),
  baselines: z.array(z.number()).length(baselines.length).describe('In the order of the methods.'),
});

const repair = z.strictObject({
  property: z.string().describe('The planted one that was learned most.'),
  undone: z
    .number()
    .describe(
      'Share of its change in what is written that is gone after tuning on repaired pairs.',
    ),
  kept: z
    .record(z.string(), z.number())
    .describe('Share of the change that is left, of the other properties that were learned.'),
});

const model = z.strictObject({
  model: z.string(),
  base: z.string(),
  method: z.string(),
  evidence: z.enum(['development', 'held-out']),
  planted: z.record(z.string(), z.number()),
  verdict: z.string().nullable(),
  prediction: predictionFitSchema
    .nullable()
    .describe(
      'How right a prediction from base and pairs was; null where tuning used other labels than the pairs hold, or learned nothing that can be foretold.',
    ),
  repair: repair.nullable().describe('null where nothing was repaired.'),
  cells: z.array(cell),
});

const methodScore = z.strictObject({
  method: z.string(),
  auroc: z.number().nullable().describe('Learned cells against absent ones, all models together.'),
  fullDose: z.number().nullable().describe('The same, with learned cells of dose 1 or more alone.'),
  worst: z
    .strictObject({ model: z.string(), property: z.string() })
    .nullable()
    .describe('The learned cell that it ranks lowest.'),
});

const summary = z.strictObject({
  cells: z.strictObject({
    learned: z.int(),
    absent: z.int(),
    spilled: z.int(),
    faint: z.int(),
  }),
  methods: z.array(methodScore),
  found: rate.describe('Learned cells that are flagged with the right sign.'),
  falseOnUnplanted: rate.describe(
    'Flagged cells of models with nothing planted that did not move so by behaviour, of all their cells.',
  ),
  falseModels: rate.describe('Models with nothing planted that have such a cell.'),
  falseOnPlanted: rate.describe('The same cells of models with something planted.'),
  spilledFlagged: rate.describe('Flagged, of the cells that moved though nobody rewarded them.'),
  quadrants: z
    .array(
      z.strictObject({
        truth: verdict,
        called: z.record(z.string(), z.int()),
      }),
    )
    .describe('Over learned and absent cells.'),
  verdictRight: rate,
  coverage: rate.describe('Of the 90 % intervals of changes in behaviour.'),
  prediction: z
    .strictObject({
      models: z.int(),
      r2: z.number().describe('Median over models.'),
      lowest: z.number(),
      differencesR2: z.number(),
      labelsR2: z.number(),
    })
    .nullable()
    .describe('Of the models with a prediction: medians.'),
  repair: z
    .strictObject({
      models: z.int(),
      undone: z.number().describe('Median over models.'),
      least: z.number(),
      kept: z.number().nullable().describe('Median over the other properties of all models.'),
    })
    .nullable()
    .describe('Of the models whose pairs were repaired.'),
  doses: z.array(
    z.strictObject({
      dose: z.number(),
      planted: z.int(),
      learned: z.int().describe('By behaviour.'),
      found: z.int(),
    }),
  ),
  smallestFound: z.number().nullable().describe('Smallest dose of a learned cell that was found.'),
});

/** Result of `feedprint bench planted-replies --json`. */
export const repliesResultSchema = z.strictObject({
  format: z.literal('feedprint-bench-planted-replies/1'),
  feedprint: z.string(),
  configuration: z
    .record(z.string(), z.unknown())
    .describe('Everything that decides the figures: settings, models, pairs, constants.'),
  hash: z.string().describe('Of the configuration.'),
  models: z.array(model),
  summary,
});

export type RepliesResult = z.infer<typeof repliesResultSchema>;
export type ModelResult = z.infer<typeof model>;
export type RepairResult = z.infer<typeof repair>;
export type CellResult = z.infer<typeof cell>;
export type RepliesSummary = z.infer<typeof summary>;
