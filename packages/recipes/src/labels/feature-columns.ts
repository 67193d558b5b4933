import { matrix } from '@feedprint/core';
import type { LanguageModel, Matrix, Site, SparseAutoencoder } from '@feedprint/core';
import { batchesOf } from '../audit/capture/batches.ts';

/** Features of one SAE whose activations are wanted. */
export interface WantedFeatures {
  readonly site: Site;
  readonly sae: SparseAutoencoder;
  readonly features: readonly number[];
}

/** Activations of features: by site and feature, at every token of every text. */
export type FeatureColumns = ReadonlyMap<Site, ReadonlyMap<number, Float32Array[]>>;

/** Runs the model over the texts and encodes what its sites hold, keeping the wanted features. */
export async function featureColumns(
  model: LanguageModel,
  rows: readonly Int32Array[],
  wanted: readonly WantedFeatures[],
): Promise<FeatureColumns> {
  const columns = new Map(
    wanted.map(({ site, features }) => [
      site,
      new Map(features.map((feature) => [feature, [] as Float32Array[]])),
    ]),
  );
  await eachEncodedBatch(model, rows, wanted, (site, z, batch) => {
    for (const [feature, texts] of columns.get(site) ?? []) {
      texts.push(...columnByRow(z, feature, batch));
    }
  });
  return columns;
}

/** The encoded activations of neighbouring texts, batch by batch: `z` `[tokens of the batch, dSae]`. */
export async function eachEncodedBatch(
  model: LanguageModel,
  rows: readonly Int32Array[],
  saes: readonly Pick<WantedFeatures, 'site' | 'sae'>[],
  use: (site: Site, z: Matrix, batch: readonly Int32Array[]) => void,
): Promise<void> {
  const sites = [...new Set(saes.map(({ site }) => site))];
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const { activations } = await model.run(batch, { capture: sites });
    for (const { site, sae } of saes) {
      use(site, await sae.encode(activations.get(site) ?? matrix(0, sae.dIn)), batch);
    }
  }
}

function columnByRow(z: Matrix, feature: number, batch: readonly Int32Array[]): Float32Array[] {
  let at = 0;
  return batch.map((row) =>
    Float32Array.from(row, () => z.data[at++ * z.columns + feature] as number),
  );
}
