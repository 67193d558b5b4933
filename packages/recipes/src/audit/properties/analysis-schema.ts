import { judgedPropertySchema, propertyColumnSchema } from '@feedprint/report/chapters/properties';
import { z } from 'zod';

/** What the judgement of properties leaves. */
export const analysisSchema = z.strictObject({
  properties: z.array(judgedPropertySchema),
  difference: propertyColumnSchema,
  placebos: z.array(z.strictObject({ name: z.string(), explains: z.number().nullable() })),
  factor: z.number().nullable(),
});
