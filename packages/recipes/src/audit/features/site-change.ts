import { z } from 'zod';

export const siteChangeSchema = z
  .strictObject({
    site: z.string(),
    total: z.number().describe('To first order, g . (x_tuned - x_base).'),
    error: z.number().describe('The part that no feature of the SAE carries.'),
    patched: z
      .strictObject({ windows: z.int(), correlation: z.number().nullable() })
      .describe(
        "Pearson correlation, over some windows, between the first-order effect and the actual effect of putting the base's activation there.",
      ),
  })
  .describe(
    'How the change of one site at the position that predicts them moved the scored words, along their stated feedback; nats.',
  );

export type SiteChange = z.infer<typeof siteChangeSchema>;
