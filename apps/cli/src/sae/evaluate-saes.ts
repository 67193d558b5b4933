import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '@feedprint/core';
import type {
  ActivationStore,
  Artifact,
  InModelMetrics,
  SaeMetrics,
  SiteScale,
  SparseAutoencoder,
} from '@feedprint/core';
import { canonicalJson } from '@feedprint/pipeline';
import { evaluateInModel, evaluateSae, relativeNorms } from '@feedprint/sae';
import type { FeatureOwner } from '@feedprint/sae';
import { combine, modelStores } from './activations.ts';
import type { TrainingTask } from './train-saes.ts';

/** What one SAE is worth on texts that it was not trained on. */
export interface Measured {
  readonly metrics: Omit<SaeMetrics, 'density'>;
  /** Null where the rows are not one model's activations. */
  readonly inModel: InModelMetrics | null;
  /** Of a crosscoder: how many features are of which model, by the lengths of their decoder vectors. */
  readonly owners: Readonly<Record<FeatureOwner, number>> | null;
}

const METRICS = 'metrics.json';
const DENSITY = 'density.safetensors';

/** What of a task says which SAEs are tried on what. */
export type EvaluationTask = Pick<
  TrainingTask,
  'inputs' | 'heldOut' | 'rows' | 'saes' | 'format' | 'identity' | 'runner'
>;

/** Tries every trained SAE on the held-out texts. */
export function evaluateStage(task: EvaluationTask, trained: Artifact): Promise<Artifact> {
  const { inputs, heldOut, rows, saes, format } = task;
  return task.runner.run({
    name: 'evaluate',
    config: { identity: task.identity, heldOut: heldOut.length, metrics: 3 },
    inputs: [trained],
    async work(folder, context) {
      const sites = [...new Set(saes.map(({ site }) => site))];
      const stores = modelStores(inputs, heldOut, sites);
      const store = combine(stores, rows);
      const found: Record<string, Measured> = {};
      const densities: Record<string, Float32Array> = {};
      let done = 0;
      for (const site of sites) {
        // Once for all SAEs of the site.
        const x = await store.read(site, 0, store.rows);
        for (const { name } of saes.filter((sae) => sae.site === site)) {
          const sae = await format.load(join(trained.folder, name));
          const { density, ...metrics } = await evaluateSae(sae, x);
          const inModel =
            rows === 'model' ? await evaluateInModel(inputs.model, sae, heldOut) : null;
          const owners = rows === 'pair' ? await countOwners(sae, stores) : null;
          await sae.dispose();
          found[name] = { metrics, inModel, owners };
          densities[name] = density;
          context.progress(++done, saes.length, 'SAEs');
        }
      }
      await writeFile(join(folder, METRICS), canonicalJson(found));
      writeSafetensors(
        join(folder, DENSITY),
        Object.fromEntries(
          Object.entries(densities).map(([name, data]) => [name, { shape: [data.length], data }]),
        ),
      );
    },
  });
}

/** Lengths count in each model's own norm: one that is larger throughout owns no more features for that. */
async function countOwners(
  sae: SparseAutoencoder,
  stores: readonly ActivationStore[],
): Promise<Record<FeatureOwner, number>> {
  const [base, tuned] = (await Promise.all(stores.map((store) => store.scale(sae.site)))) as [
    SiteScale,
    SiteScale,
  ];
  const counts = { 'base-only': 0, shared: 0, 'tuned-only': 0, other: 0 };
  const norms = { base: base.meanNorm, tuned: tuned.meanNorm };
  for (const owner of relativeNorms(sae, norms).owner) counts[owner]++;
  return counts;
}

/** What the stage found, by the SAEs' names. */
export async function readMeasured({ folder }: Artifact): Promise<Record<string, Measured>> {
  return JSON.parse(await readFile(join(folder, METRICS), 'utf8')) as Record<string, Measured>;
}

export const densityFile = ({ folder }: Artifact): string => join(folder, DENSITY);
