import { firstRows } from '@feedprint/core';
import type { SaeStepMetrics, SparseAutoencoder } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { Stage, StageContext } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import { roles } from '../model-role.ts';
import { seedOf } from '../random.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';

export type SaeSize = 'small' | 'large';
const sizes: readonly SaeSize[] = ['small', 'large'];

/** Share of the rows, those of the last texts, that no SAE is trained on. */
const HELD_OUT = 0.1;

const trainingSchema = z.strictObject({
  role: z.enum(roles),
  size: z.enum(sizes),
  site: z.string(),
  layer: z.int(),
  kind: z.string(),
  dSae: z.int(),
  curve: z.array(
    z.looseObject({
      step: z.int(),
      steps: z.int(),
      mse: z.number(),
      l0: z.number(),
      loss: z.number(),
    }),
  ),
  metrics: z
    .looseObject({
      fvu: z.number(),
      l0: z.number(),
      alive: z.number(),
      density: z.array(z.number()),
    })
    .describe('On rows held out from training.'),
});

/** What training one SAE left besides its weights. */
export type TrainedSae = z.infer<typeof trainingSchema> & {
  /** The SAE; the caller disposes of it. */
  load(): Promise<SparseAutoencoder>;
};

/** What a stage that trained an SAE left besides its weights. */
export const readTraining = (folder: string): Promise<z.infer<typeof trainingSchema>> =>
  readJson(folder, 'training.json', trainingSchema);

/** SAEs of all sites, both models and both sizes. */
export const allSaes = defineStages((context: AuditContext) => saeStages(context, sizes));

/** Small SAEs of all sites and both models. */
export const smallSaes = defineStages((context: AuditContext) => saeStages(context, ['small']));

/** One of a list of SAEs. */
export function saeOf(
  saes: readonly TrainedSae[],
  role: ModelRole,
  size: SaeSize,
  { site }: Pick<LayerSite, 'site'>,
): TrainedSae {
  const found = saes.find((sae) => sae.role === role && sae.size === size && sae.site === site);
  return known(found, `the ${size} SAE of the ${role} model at ${site}`);
}

const saeStages = (
  { sites }: AuditContext,
  wanted: readonly SaeSize[],
): Stage<AuditContext, TrainedSae>[] =>
  sites.flatMap((site) =>
    roles.flatMap((role) => wanted.map((size) => saeStage({ site, role, size }))),
  );

/** Trains an SAE of one size on the activations of one model at one site. */
function saeStage({
  site: { site, layer, width },
  role,
  size,
}: {
  readonly site: LayerSite;
  readonly role: ModelRole;
  readonly size: SaeSize;
}): Stage<AuditContext, TrainedSae> {
  const name = `sae-${role}-${size}-L${layer}`;
  const dSaeOf = ({ settings }: AuditContext): number =>
    Math.max(1, Math.round(width * settings.widths[size === 'small' ? 0 : 1]));
  return defineStage({
    name,
    needs: { capture },
    config: (context: AuditContext) => ({
      trainer: context.parts.trainer.name,
      settings: context.parts.trainer.settings,
      format: partKey(context.parts.saeFormat),
      evaluation: partKey(context.parts.saeMetrics),
      // The part of the metrics in training.json.
      metrics: 2,
      dSae: dSaeOf(context),
      seed: seedOf(context, name),
      site,
      role,
    }),
    work: async ({ context, needs, folder, stage }) => {
      const { parts } = context;
      const dSae = dSaeOf(context);
      const store = await needs.capture.activations(role, 'sample');
      const trainRows = Math.max(1, Math.floor(store.rows * (1 - HELD_OUT)));
      const curve: SaeStepMetrics[] = [];
      const sae = await parts.trainer.train(firstRows(store, trainRows), {
        site,
        dSae,
        seed: seedOf(context, name),
        onStep: (metrics) => {
          curve.push(metrics);
          report(stage, metrics, dSae);
        },
      });
      const heldOut = trainRows < store.rows ? trainRows : 0;
      const metrics = await parts.saeMetrics.onRows(
        sae,
        await store.read(site, heldOut, store.rows),
      );
      await parts.saeFormat.save(sae, folder, metrics.density);
      await sae.dispose();
      await writeJson(folder, 'training.json', {
        role,
        size,
        site,
        layer,
        kind: sae.kind,
        dSae,
        curve,
        metrics: { ...metrics, density: Array.from(metrics.density) },
      });
    },
    read: async (folder, { parts }): Promise<TrainedSae> => ({
      ...(await readTraining(folder)),
      load: () => parts.saeFormat.load(folder),
    }),
  });
}

function report(
  stage: StageContext,
  { step, steps, ...curves }: SaeStepMetrics,
  dSae: number,
): void {
  stage.progress(step, steps, 'steps');
  for (const [name, value] of Object.entries({ ...curves, deadShare: curves.dead / dSae })) {
    stage.metric(name, step, value);
  }
}
