import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { interval } from '../../shapes.ts';

const share = z
  .strictObject({ value: z.number(), interval: interval.nullable() })
  .describe('Share of the shift through activations; it can lie outside of 0 and 1.');

const shares = z.strictObject({
  necessity: share.describe('Undone in the tuned model, by what the base has there.'),
  sufficiency: share.describe('Obtained in the base, by what the tuned model has there.'),
});

const perModel = z
  .strictObject({ tuned: z.number(), base: z.number() })
  .describe('In either model.');

const kl = perModel.describe(
  'KL(model as it is || edited model), nats per token, of the two interventions.',
);

const shift = z.strictObject({ value: z.number(), interval: interval.nullable() });

const spread = z.strictObject({
  median: z.number(),
  high: z.number().describe('99th percentile.'),
});

const causes = z
  .strictObject({
    tokens: z
      .strictObject({ fit: z.int(), test: z.int(), beside: z.int() })
      .describe(
        'That directions were fitted on; that they were tested on; those of the latter on which random directions were measured.',
      ),
    texts: z.strictObject({ fit: z.int(), test: z.int() }),
    shift: z
      .strictObject({
        whole: shift.describe('Between the models.'),
        tuned: shift.describe(
          "Lost by the tuned model with the base's activations after the last block: what necessity is a share of.",
        ),
        base: shift.describe(
          "Gained by the base with the tuned model's: what sufficiency is a share of.",
        ),
      })
      .describe('Expected stated feedback of the next token.'),
    verdict: z
      .strictObject({
        holds: z.boolean().describe('Whether all criteria are met.'),
        criteria: z.array(
          z.strictObject({
            criterion: z.enum(['necessity', 'sufficiency', 'controls', 'difference', 'economy']),
            value: z.number().nullable(),
            limit: z.number(),
            passed: z.boolean(),
          }),
        ),
      })
      .nullable()
      .describe(
        'Null where no shift through activations was found that a cause could be sought for.',
      ),
    chosen: z
      .strictObject({ site: z.string(), layer: z.int() })
      .nullable()
      .describe('Where the direction that the verdict is on was chosen, on the texts for fitting.'),
    layers: z
      .array(
        z.strictObject({
          site: z.string(),
          layer: z.int(),
          whole: shares.describe('All of the activations exchanged.'),
          direction: shares.describe('Exchanged along the one direction of largest attribution.'),
        }),
      )
      .describe('At the end of each block, on the texts for testing.'),
    difference: share
      .nullable()
      .describe(
        "What holding the component at the base's mean undoes in the tuned model, less what the same edit does in the base.",
      ),
    beside: z
      .strictObject({ necessity: z.number(), sufficiency: z.number(), kl })
      .nullable()
      .describe('The direction on the texts of the random ones.'),
    controls: z.array(
      z.strictObject({
        family: z
          .enum(['any', 'difference'])
          .describe(
            'Random directions; random mixtures of how the differences between the models vary about their mean, left out where they do not.',
          ),
        draws: z.int(),
        necessity: spread,
        sufficiency: spread,
        kl: perModel.describe('Median, nats per token.'),
        leastKl: z
          .strictObject({ tuned: z.number().nullable(), base: z.number().nullable() })
          .describe(
            'Least KL with which one of them does as much as the direction; null if none does at any dose.',
          ),
        klRatio: z
          .number()
          .nullable()
          .describe("The direction's KL over that, in the model where it is more."),
      }),
    ),
    doses: z
      .array(
        z.strictObject({
          dose: z.number().describe('Multiples of the mean difference along the direction.'),
          expected: perModel.describe('Expected stated feedback of the next token.'),
          kl,
        }),
      )
      .describe('Adding the direction at every position.'),
    siblings: z
      .array(shares.extend({ name: z.string(), kl }))
      .describe(
        'Directions that were found in the same way in other tunings on the same feedback, exchanged between these models.',
      ),
    methods: z
      .array(
        shares.extend({
          method: z.string(),
          directions: z.int(),
          kl,
        }),
      )
      .describe('Ways of choosing as many directions at the end of the last block.'),
  })
  .describe('What carries the learned effect, by intervention.');

export const shape = { causes };

export type Report = ChapterReport<typeof shape>;
export type CausesReport = z.infer<typeof causes>;
