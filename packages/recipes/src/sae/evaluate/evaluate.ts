import type { ActivationStore, SiteScale, SparseAutoencoder } from '@feedprint/core';
import { defineStage } from '@feedprint/pipeline';
import type { Stage } from '@feedprint/pipeline';
import { evaluateInModel, evaluateSae, relativeNorms } from '@feedprint/sae';
import type { FeatureOwner } from '@feedprint/sae';
import { sitesOf } from '../context.ts';
import type { SaeContext } from '../context.ts';
import { combineStores, modelStores } from '../rows.ts';
import type { TrainedSaes } from '../trained-saes.ts';
import { readEvaluatedSaes, writeEvaluatedSaes } from './evaluated-saes.ts';
import type { EvaluatedSaes, MeasuredSae } from './evaluated-saes.ts';

/** The stage that evaluates every SAE of another stage on the held-out texts. */
export const evaluationOf = <C extends SaeContext>(
  trained: Stage<C, TrainedSaes>,
): Stage<C, EvaluatedSaes> =>
  defineStage({
    name: 'evaluate',
    needs: { trained },
    config: ({ identity, heldOut }: C) => ({ identity, heldOut: heldOut.length, metrics: 3 }),
    work: async ({ context, needs, folder, stage }) => {
      const { heldOut, rows, saes, model } = context;
      const sites = sitesOf(context);
      const stores = modelStores(context, heldOut, sites);
      const store = combineStores(stores, rows);
      const measured: Record<string, MeasuredSae> = {};
      const densities: Record<string, Float32Array> = {};
      let done = 0;
      for (const site of sites) {
        // Once for all SAEs of the site.
        const x = await store.read(site, 0, store.rows);
        for (const { name } of saes.filter((sae) => sae.site === site)) {
          const sae = await needs.trained.load(name);
          const { density, ...metrics } = await evaluateSae(sae, x);
          const inModel = rows === 'model' ? await evaluateInModel(model, sae, heldOut) : null;
          const owners = rows === 'pair' ? await countOwners(sae, stores) : null;
          await sae.dispose();
          measured[name] = { metrics, inModel, owners };
          densities[name] = density;
          stage.progress(++done, saes.length, 'SAEs');
        }
      }
      await writeEvaluatedSaes(folder, measured, densities);
    },
    read: readEvaluatedSaes,
  });

/**
 * Lengths are relative to each model's own norm: a model with larger activations throughout does not own more features
 * for that.
 */
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
