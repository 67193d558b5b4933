import { matrix } from '@feedprint/core';
import type {
  ActivationExample,
  FeatureEvidence,
  Matrix,
  Random,
  SparseAutoencoder,
} from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { siteNames } from '../context.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { saeOf } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { featureId } from './feature-id.ts';
import type { SiteFeature } from './feature-id.ts';

/** Number of texts in which examples are looked for. */
const TEXTS = 256;
/** Tokens to each side of a window's centre. */
const REACH = 10;
/** Number of windows to explain, and of windows of each kind to test the explanation on. */
const EXAMPLES = 8;

/**
 * Windows around activations of each feature. Active texts, strongest first, are dealt in turn to the windows to
 * explain and to the held-out ones, so that the two are disjoint and alike (as in OpenAI's automated interpretability).
 */
export async function gatherEvidence(
  context: AuditContext,
  features: readonly SiteFeature[],
  saes: readonly TrainedSae[],
): Promise<FeatureEvidence[]> {
  const rows = context.rows.slice(0, TEXTS);
  const activations = await activationsOf(context, features, rows, saes);
  return features.map((ref, i) => {
    const values = known(activations[i], featureId(ref));
    return evidenceOf(
      context,
      rows,
      featureId(ref),
      values,
      randomOf(context, `evidence ${featureId(ref)}`),
    );
  });
}

/** For each feature, its activation at every token of every row. */
async function activationsOf(
  context: AuditContext,
  features: readonly SiteFeature[],
  rows: readonly Int32Array[],
  saes: readonly TrainedSae[],
): Promise<Float32Array[][]> {
  const result = features.map(() => [] as Float32Array[]);
  const sites = context.sites.filter(({ site }) => features.some((ref) => ref.site === site));
  const loaded = new Map<string, SparseAutoencoder>();
  for (const site of sites) {
    loaded.set(site.site, await saeOf(saes, 'tuned', 'small', site).load());
  }
  for (const { start, end } of batchesOf(rows, context.models.tuned.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const { activations } = await context.models.tuned.run(batch, { capture: siteNames(context) });
    for (const [site, sae] of loaded) {
      const z = await sae.encode(activations.get(site) ?? matrix(0, sae.dIn));
      features.forEach((ref, i) => {
        if (ref.site === site)
          (result[i] as Float32Array[]).push(...columnByRow(z, ref.feature, batch));
      });
    }
  }
  for (const sae of loaded.values()) await sae.dispose();
  return result;
}

function columnByRow(z: Matrix, feature: number, batch: readonly Int32Array[]): Float32Array[] {
  let at = 0;
  return batch.map((row) =>
    Float32Array.from(row, () => z.data[at++ * z.columns + feature] as number),
  );
}

function evidenceOf(
  context: AuditContext,
  rows: readonly Int32Array[],
  id: string,
  activations: readonly Float32Array[],
  random: Random,
): FeatureEvidence {
  const window = (text: number, centre: number): ActivationExample => {
    const [from, to] = [Math.max(0, centre - REACH), centre + REACH + 1];
    const tokens = Array.from((rows[text] as Int32Array).slice(from, to));
    return {
      tokens: tokens.map((token) => context.models.tuned.tokenizer.tokenText(token)),
      activations: Array.from((activations[text] as Float32Array).slice(from, to)),
    };
  };
  const peaks = activations.map((values, text) => {
    const value = values.reduce((a, b) => Math.max(a, b), 0);
    return { text, value, at: values.indexOf(value) };
  });
  const active = peaks
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.text - b.text);
  const strongest = active.slice(0, 2 * EXAMPLES).map(({ text, at }) => window(text, at));
  const silent = random
    .shuffle(peaks.map(({ text }) => text))
    .map((text) => window(text, random.integer((rows[text] as Int32Array).length)))
    .filter((example) => example.activations.every((value) => value === 0));
  return {
    id,
    top: strongest.filter((_, i) => i % 2 === 0),
    heldOutActive: strongest.filter((_, i) => i % 2 === 1),
    heldOutSilent: silent.slice(0, EXAMPLES),
    maxActivation: active[0]?.value ?? 0,
  };
}
