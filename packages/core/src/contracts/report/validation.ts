import { z } from 'zod';
import { interval } from './agreement.ts';

export const validation = z.strictObject({
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
});
