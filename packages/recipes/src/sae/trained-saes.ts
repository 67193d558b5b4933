import { join } from 'node:path';
import type { SaeFormat, SparseAutoencoder } from '@feedprint/core';
import { readJson, writeJson } from '@feedprint/pipeline';
import { curvesSchema } from './curve.ts';
import type { Curves } from './curve.ts';

/** What a stage that trains SAEs leaves: a folder per SAE, by its name, and the curves. */
export interface TrainedSaes {
  readonly curves: Curves;
  /** The SAE of that name; the caller disposes of it. */
  load(name: string): Promise<SparseAutoencoder>;
}

const CURVES = 'curves.json';

export interface SavedSaes {
  readonly format: SaeFormat;
  /** By name; disposed of when they are saved. */
  readonly saes: ReadonlyMap<string, SparseAutoencoder>;
  readonly curves: Curves;
}

export async function writeTrainedSaes(
  folder: string,
  { format, saes, curves }: SavedSaes,
): Promise<void> {
  for (const [name, sae] of saes) {
    await format.save(sae, join(folder, name));
    await sae.dispose();
  }
  await writeJson(folder, CURVES, curves);
}

export const readTrainedSaes = async (folder: string, format: SaeFormat): Promise<TrainedSaes> => ({
  curves: await readJson(folder, CURVES, curvesSchema),
  load: (name) => format.load(join(folder, name)),
});
