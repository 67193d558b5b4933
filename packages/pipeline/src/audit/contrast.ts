import { concatColumns, matrix, row, takeRows } from '@feedprint/core';
import type { Artifact, ContrastEvidence, ContrastiveTriple, Matrix } from '@feedprint/core';
import { batchesOf } from './capture.ts';
import { roles, siteNames } from './context.ts';
import type { AuditContext, ModelRole } from './context.ts';
import { known, readJson, readMatrices, writeJson, writeMatrices } from './files.ts';
import { loadSae, smallSaes } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import { CONTEXT } from './triples.ts';

export interface ContrastSummary {
  readonly triples: number;
  readonly words: number;
  /** Mean distance of the positive versions to their neutral ones in the tuned model's features. */
  readonly meanPositive: number;
  readonly meanNegative: number;
  /** Index of the word in each version, positive versions first. */
  readonly word: readonly number[];
}

/** Contrastive triples through both models: features at the target, signed distances to the neutral version. */
export function contrastStage(context: AuditContext, saes: SaeArtifacts): Promise<Artifact> {
  const { settings, identity, words, triples } = context;
  return context.runner.run({
    name: 'contrast',
    config: { identity, triples: settings.triples, context: CONTEXT, seed: settings.seed },
    inputs: smallSaes(context, saes),
    work: async (folder, stage) => {
      const index = new Map(words.map(({ id }, i) => [id, i]));
      const word = [
        ...triples.map(({ positive }) => known(index.get(positive), 'a triple word')),
        ...triples.map(({ negative }) => known(index.get(negative), 'a triple word')),
      ];
      const evidence = {} as Record<ModelRole, { features: Matrix; distance: Matrix }>;
      for (const [i, role] of roles.entries()) {
        evidence[role] = await contrastOf(context, role, triples, saes);
        stage.progress(i + 1, roles.length, 'models');
      }
      writeMatrices(folder, 'contrast.safetensors', {
        'tuned.features': evidence.tuned.features,
        'tuned.distance': evidence.tuned.distance,
        'base.features': evidence.base.features,
        'base.distance': evidence.base.distance,
      });
      const distances = evidence.tuned.distance.data;
      const mean = (values: Float32Array): number =>
        values.reduce((sum, v) => sum + v, 0) / values.length;
      const summary: ContrastSummary = {
        triples: triples.length,
        words: new Set(word).size,
        meanPositive: mean(distances.subarray(0, triples.length)),
        meanNegative: mean(distances.subarray(triples.length)),
        word,
      };
      await writeJson(folder, 'contrast.json', summary);
    },
  });
}

export const readContrastSummary = (artifact: Artifact): Promise<ContrastSummary> =>
  readJson(artifact, 'contrast.json');

export async function readContrast(
  artifact: Artifact,
): Promise<Record<ModelRole, ContrastEvidence>> {
  const { word } = await readContrastSummary(artifact);
  const read = readMatrices(artifact, 'contrast.safetensors', [
    'tuned.features',
    'tuned.distance',
    'base.features',
    'base.distance',
  ]);
  const of = (role: ModelRole): ContrastEvidence => ({
    features: read[`${role}.features`],
    distance: Float64Array.from(read[`${role}.distance`].data),
    word: Int32Array.from(word),
  });
  return { base: of('base'), tuned: of('tuned') };
}

async function contrastOf(
  context: AuditContext,
  role: ModelRole,
  triples: readonly ContrastiveTriple[],
  saes: SaeArtifacts,
): Promise<{ features: Matrix; distance: Matrix }> {
  const version = (target: 'positive' | 'neutral' | 'negative') =>
    targetFeatures(
      context,
      role,
      triples.map((t) => [...t.context, t[target]]),
      saes,
    );
  const neutral = await version('neutral');
  const sides = [await version('positive'), await version('negative')] as const;
  const distance = matrix(2 * triples.length, 1);
  sides.forEach((side, s) => {
    for (let t = 0; t < triples.length; t++) {
      const a = row(side, t);
      const b = row(neutral, t);
      const square = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);
      distance.data[s * triples.length + t] = (s === 0 ? 1 : -1) * Math.sqrt(square);
    }
  });
  const features = matrix(2 * triples.length, neutral.columns);
  sides.forEach((side, s) => features.data.set(side.data, s * side.data.length));
  return { features, distance };
}

/** Small SAEs' features of all sites at each row's last token, `[rows, features]`. */
async function targetFeatures(
  context: AuditContext,
  role: ModelRole,
  rows: readonly (readonly number[])[],
  saes: SaeArtifacts,
): Promise<Matrix> {
  const model = context.models[role];
  const bySite = new Map(
    context.sites.map(({ site, width }) => [site, matrix(rows.length, width)]),
  );
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const { activations } = await model.run(batch, { capture: siteNames(context) });
    let at = -1;
    const last = batch.map(({ length }) => (at += length));
    for (const [site, captured] of activations) {
      bySite.get(site)?.data.set(takeRows(captured, last).data, start * captured.columns);
    }
  }
  const blocks: Matrix[] = [];
  for (const site of context.sites) {
    const sae = await loadSae(context, saes, role, 'small', site);
    blocks.push(await sae.encode(known(bySite.get(site.site), site.site)));
    await sae.dispose();
  }
  return concatColumns(blocks);
}
