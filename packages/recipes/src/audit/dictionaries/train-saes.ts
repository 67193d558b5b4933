import { firstRows } from '@feedprint/core';
import type { Artifact, SaeMetrics, SaeStepMetrics, SparseAutoencoder } from '@feedprint/core';
import type { StageContext } from '../stage-context.ts';
import { storeFolder } from './capture.ts';
import { roles, saeName, seedOf, sizes } from './context.ts';
import type { AuditContext, ModelRole, SaeSize, Site } from './context.ts';
import { known, readJson, writeJson } from './files.ts';

/** What training one SAE left beside its weights. */
export interface SaeTraining {
  readonly role: ModelRole;
  readonly size: SaeSize;
  readonly site: string;
  readonly layer: number;
  readonly kind: string;
  readonly dSae: number;
  readonly curve: readonly SaeStepMetrics[];
  /** On rows held out from training. */
  readonly metrics: Omit<SaeMetrics, 'density'> & { readonly density: readonly number[] };
}

/** Finished training stages, by `saeName`. */
export type SaeArtifacts = ReadonlyMap<string, Artifact>;

/** Share of the rows, the last texts' ones, that no SAE is trained on. */
const HELD_OUT = 0.1;

/** Trains an SAE per kept site, model and size, each a stage of its own, named `saeName`. */
export async function trainSaeStages(
  context: AuditContext,
  capture: Artifact,
  wanted: readonly SaeSize[] = sizes,
): Promise<Map<string, Artifact>> {
  const artifacts = new Map<string, Artifact>();
  for (const site of context.sites) {
    for (const role of roles) {
      for (const size of wanted) {
        artifacts.set(
          saeName(role, size, site),
          await trainOne(context, capture, site, role, size),
        );
      }
    }
  }
  return artifacts;
}

/** The finished stage that trained one SAE. */
export function saeArtifact(
  saes: SaeArtifacts,
  role: ModelRole,
  size: SaeSize,
  site: Site,
): Artifact {
  const name = saeName(role, size, site);
  return known(saes.get(name), name);
}

/** The small SAEs of all sites and both models, as inputs of a stage that reads them. */
export const smallSaes = ({ sites }: AuditContext, saes: SaeArtifacts): Artifact[] =>
  sites.flatMap((site) => roles.map((role) => saeArtifact(saes, role, 'small', site)));

export const loadSae = (
  { parts }: AuditContext,
  saes: SaeArtifacts,
  role: ModelRole,
  size: SaeSize,
  site: Site,
): Promise<SparseAutoencoder> => parts.saeFormat.load(saeArtifact(saes, role, size, site).folder);

export const readTraining = (artifact: Artifact): Promise<SaeTraining> =>
  readJson(artifact, 'training.json');

function trainOne(
  context: AuditContext,
  capture: Artifact,
  site: Site,
  role: ModelRole,
  size: SaeSize,
): Promise<Artifact> {
  const { settings, parts, runner } = context;
  const name = saeName(role, size, site);
  const dSae = Math.max(1, Math.round(site.width * settings.widths[size === 'small' ? 0 : 1]));
  const seed = seedOf(context, name);
  return runner.run({
    name,
    config: {
      trainer: parts.trainer.name,
      settings: parts.trainer.settings,
      format: parts.saeFormat.name,
      // What training.json holds of the metrics.
      metrics: 2,
      dSae,
      seed,
      site: site.site,
      role,
    },
    inputs: [capture],
    work: async (folder, stage) => {
      const store = await parts.activations.open(storeFolder(capture, role, 'sample'));
      const trainRows = Math.max(1, Math.floor(store.rows * (1 - HELD_OUT)));
      const curve: SaeStepMetrics[] = [];
      const sae = await parts.trainer.train(firstRows(store, trainRows), {
        site: site.site,
        dSae,
        seed,
        onStep: (metrics) => {
          curve.push(metrics);
          report(stage, metrics);
        },
      });
      const heldOut = trainRows < store.rows ? trainRows : 0;
      const metrics = await parts.evaluateSae(
        sae,
        await store.read(site.site, heldOut, store.rows),
      );
      await parts.saeFormat.save(sae, folder, metrics.density);
      await sae.dispose();
      const training: SaeTraining = {
        role,
        size,
        site: site.site,
        layer: site.layer,
        kind: sae.kind,
        dSae,
        curve,
        metrics: { ...metrics, density: Array.from(metrics.density) },
      };
      await writeJson(folder, 'training.json', training);
    },
  });
}

function report(stage: StageContext, { step, steps, mse, l0 }: SaeStepMetrics): void {
  stage.progress(step, steps, 'steps');
  stage.metric('mse', step, mse);
  stage.metric('l0', step, l0);
}
