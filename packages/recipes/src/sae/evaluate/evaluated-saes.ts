import { join } from 'node:path';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import type { InModelMetrics, SaeMetrics } from '@feedprint/core';
import { readJson, writeJson } from '@feedprint/pipeline';
import type { FeatureOwner } from '@feedprint/sae';
import { z } from 'zod';

/** How good one SAE is on texts that it was not trained on. */
export interface MeasuredSae {
  readonly metrics: Omit<SaeMetrics, 'density'>;
  /** Null if the rows are not one model's activations. */
  readonly inModel: InModelMetrics | null;
  /** For a crosscoder: how many features belong to which model, by the lengths of their decoder vectors. */
  readonly owners: Readonly<Record<FeatureOwner, number>> | null;
}

/** What the stage `evaluate` leaves. */
export interface EvaluatedSaes {
  /** By SAE name. */
  readonly measured: Readonly<Record<string, MeasuredSae>>;
  /** Share of rows on which each feature of the SAE of that name is active, `[dSae]`. */
  density(name: string): Float32Array;
}

const count = z.int().nonnegative();
const numbers = z.array(z.number());

const metricsSchema: z.ZodType<MeasuredSae['metrics']> = z.strictObject({
  rows: count,
  l0: z.number(),
  l1: z.number(),
  fvu: z.number(),
  explainedVariance: z.number(),
  explainedVariancePerDimension: numbers,
  mse: z.number(),
  cosine: z.number().nullable(),
  l2Ratio: z.number().nullable(),
  relativeReconstructionBias: z.number().nullable(),
  alive: z.number(),
  dead: count,
  densityHistogram: z.strictObject({ edges: numbers, counts: z.array(count) }),
});

const recoveredSchema = z.union([
  z.strictObject({ value: z.number() }),
  z.strictObject({ value: z.null(), reason: z.string() }),
]);
const ablationsSchema = z.strictObject({ zero: recoveredSchema, mean: recoveredSchema });

const inModelSchema: z.ZodType<InModelMetrics> = z.strictObject({
  site: z.string(),
  tokens: count,
  crossEntropy: z.strictObject({
    clean: z.number(),
    reconstructed: z.number(),
    zero: z.number(),
    mean: z.number(),
  }),
  kl: z.strictObject({ reconstructed: z.number(), zero: z.number(), mean: z.number() }),
  crossEntropyRecovered: ablationsSchema,
  klRecovered: ablationsSchema,
});

const measuredSchema: z.ZodType<EvaluatedSaes['measured']> = z.record(
  z.string(),
  z.strictObject({
    metrics: metricsSchema,
    inModel: inModelSchema.nullable(),
    owners: z
      .strictObject({ 'base-only': count, shared: count, 'tuned-only': count, other: count })
      .nullable(),
  }),
);

const METRICS = 'metrics.json';
const DENSITY = 'density.safetensors';

export async function writeEvaluatedSaes(
  folder: string,
  measured: EvaluatedSaes['measured'],
  densities: Readonly<Record<string, Float32Array>>,
): Promise<void> {
  await writeJson(folder, METRICS, measured);
  writeSafetensors(
    join(folder, DENSITY),
    Object.fromEntries(
      Object.entries(densities).map(([name, data]) => [name, { shape: [data.length], data }]),
    ),
  );
}

export const readEvaluatedSaes = async (folder: string): Promise<EvaluatedSaes> => ({
  measured: await readJson(folder, METRICS, measuredSchema),
  density: (name) => {
    const file = openSafetensors(join(folder, DENSITY));
    try {
      return file.readFloats(name);
    } finally {
      file.close();
    }
  },
});
