import { createHash } from 'node:crypto';
import type { Artifact, SparseAutoencoder } from '@feedprint/core';
import type { ContrastEvidence } from '@feedprint/probe';
import { randomOf } from './context.ts';
import type { AuditContext, ModelRole, Site } from './context.ts';
import { readJson, readMatrices, writeJson, writeMatrices } from './files.ts';
import { loadSae, smallSaes } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import { CONTEXT } from './triples.ts';
import { captureVersions, toEvidence, versionEvidence, versionWords } from './versions.ts';
import type { VersionEvidence } from './versions.ts';

export interface ContrastSummary {
  readonly triples: number;
  readonly words: number;
  /** Mean distance of the positive versions to their neutral ones in the tuned model's features. */
  readonly meanPositive: number;
  readonly meanNegative: number;
  /** Index of the word in each version, positive versions first, as in `ContrastEvidence`. */
  readonly word: readonly number[];
  /** Places that make no triple, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Contrastive triples through both models: features at the target, signed distances to the neutral version. */
export function contrastStage(context: AuditContext, saes: SaeArtifacts): Promise<Artifact> {
  const { settings, identity, models, parts } = context;
  const { triples, dropped } = context.triples;
  const { probeInput } = settings;
  return context.runner.run({
    name: 'contrast',
    config: {
      identity,
      triples: createHash('sha256').update(JSON.stringify(triples)).digest('hex'),
      context: CONTEXT,
      seed: settings.seed,
      probeInput,
    },
    inputs: smallSaes(context, saes),
    work: async (folder, stage) => {
      const bySite = async (site: Site, role: ModelRole) =>
        loadSae(context, saes, role, 'small', site);
      const random = randomOf(context, 'random features of versions');
      const readers: Readonly<Record<Kind, (site: Site) => Promise<SparseAutoencoder>>> = {
        tuned: (site) => bySite(site, 'tuned'),
        base: (site) => bySite(site, 'base'),
        random: async (site) =>
          parts.randomizeSae(await bySite(site, 'tuned'), random.fork(site.site)),
      };
      const versions = {
        tuned: await captureVersions(context, models.tuned),
        base: await captureVersions(context, models.base),
      };
      const found = {} as Record<Kind, VersionEvidence>;
      for (const [i, kind] of kinds.entries()) {
        const of = versions[kind === 'base' ? 'base' : 'tuned'];
        found[kind] = await versionEvidence(context, of, readers[kind]);
        stage.progress(i + 1, kinds.length, 'models');
      }
      writeMatrices(
        folder,
        'contrast.safetensors',
        Object.fromEntries(
          kinds.flatMap((kind) => [
            [`${kind}.features`, found[kind].features],
            [`${kind}.distance`, found[kind].distance],
          ]),
        ),
      );
      const distances = found.tuned.distance.data;
      const mean = (values: Float32Array): number =>
        values.reduce((sum, v) => sum + v, 0) / values.length;
      const word = versionWords(context);
      const summary: ContrastSummary = {
        triples: triples.length,
        words: new Set(word).size,
        meanPositive: mean(distances.subarray(0, triples.length)),
        meanNegative: mean(distances.subarray(triples.length)),
        word,
        dropped,
      };
      await writeJson(folder, 'contrast.json', summary);
    },
  });
}

/** `random`: randomised SAEs on the tuned model. */
const kinds = ['tuned', 'base', 'random'] as const;
type Kind = (typeof kinds)[number];

export const readContrastSummary = (artifact: Artifact): Promise<ContrastSummary> =>
  readJson(artifact, 'contrast.json');

export async function readContrast(artifact: Artifact): Promise<Record<Kind, ContrastEvidence>> {
  const { word } = await readContrastSummary(artifact);
  const read = readMatrices(
    artifact,
    'contrast.safetensors',
    kinds.flatMap((kind) => [`${kind}.features`, `${kind}.distance`] as const),
  );
  const of = (kind: Kind): ContrastEvidence =>
    toEvidence({ features: read[`${kind}.features`], distance: read[`${kind}.distance`] }, word);
  return { tuned: of('tuned'), base: of('base'), random: of('random') };
}
