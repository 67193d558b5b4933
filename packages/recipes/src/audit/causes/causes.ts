import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { causes as chapter } from '@feedprint/report/chapters/causes';
import { z } from 'zod';
import { changes } from '../changes/changes.ts';
import type { MeasuredReport } from '../changes/changes.ts';
import { isStatedOfWords } from '../context.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { partKey } from '../parts.ts';
import { DRAWS } from './controls.ts';
import { writeDirection } from './direction.ts';
import { findCauses } from './find-causes.ts';
import { interventionRowSchema } from './measured.ts';
import type { Vectors } from './methods.ts';
import { causesReport } from './report.ts';

/** Largest number of units for which directions are computed: the work grows with its cube. */
const MOST_UNITS = 1024;

const drawSchema = z.strictObject({
  family: z.enum(['any', 'difference']),
  draw: z.int(),
  dose: z.number(),
  necessity: z.number(),
  sufficiency: z.number(),
  kl: z.strictObject({ base: z.number(), tuned: z.number() }),
});

const causesSchema = z.strictObject({
  report: chapter.shape.causes,
  interventions: z.array(interventionRowSchema),
  draws: z.array(drawSchema),
});

export type Causes = z.infer<typeof causesSchema>;

/**
 * What carries the learned effect, if it is looked for: both models must expose the ends of their blocks and be differentiable.
 */
export const causes = defineStages((context: AuditContext) => {
  const { settings, models } = context;
  const sites = endsOfBlocks(context);
  const isMeasurable =
    sites.at(-1)?.layer === models.tuned.info.layers - 1 &&
    sites.every(({ width }) => width <= MOST_UNITS) &&
    models.base.gradients !== undefined &&
    models.tuned.gradients !== undefined;
  return isStatedOfWords(context) && settings.causeTokens > 0 && isMeasurable ? [stage] : [];
});

const stage = defineStage({
  name: 'causes',
  needs: { saes: smallSaes, changes },
  config: ({ identity, settings, parts, lexicon, siblings }: AuditContext) => ({
    identity,
    tokens: settings.causeTokens,
    draws: DRAWS,
    controls: 'about the mean',
    difference: 'held',
    seed: settings.seed,
    siblings: siblings.map(({ fingerprint }) => fingerprint),
    lexicon: lexicon.map(({ id, stated }) => [id, stated]),
    statistics: partKey(parts.statistics),
  }),
  work: async ({ context, needs, folder, stage: progress }) => {
    const sites = endsOfBlocks(context);
    const found = await findCauses(context, {
      sites,
      dictionaries: [...(await decoders(context, needs.saes)), ...crosscoder(needs.changes)],
      onProgress: (done, total) => progress.progress(done, total, 'texts'),
    });
    const { direction, tested } = found;
    if (direction) writeDirection(folder, direction);
    await writeJson(folder, 'causes.json', {
      report: causesReport(context, found, sites),
      interventions: tested.rows(),
      draws: direction?.controls.draws ?? [],
    });
  },
  read: (folder) => readJson(folder, 'causes.json', causesSchema),
});

const endsOfBlocks = ({ models }: Pick<AuditContext, 'models'>): LayerSite[] =>
  models.tuned.sites.filter((info): info is LayerSite =>
    /^blocks\.\d+\.hook_resid_post$/.test(info.site),
  );

/** Vectors that the features of the tuned model's small SAEs add to the residual stream. */
async function decoders({ sites }: AuditContext, saes: readonly TrainedSae[]): Promise<Vectors[]> {
  const blocks: Matrix[] = [];
  for (const site of sites) {
    const sae = await saeOf(saes, 'tuned', 'small', site).load();
    blocks.push(sae.weights.wDec);
    await sae.dispose();
  }
  const width = blocks[0]?.columns;
  if (width === undefined) return [];
  const vectors = matrix(
    blocks.reduce((sum, { rows }) => sum + rows, 0),
    width,
  );
  let at = 0;
  for (const { data } of blocks) {
    vectors.data.set(data, at);
    at += data.length;
  }
  return [{ method: 'SAE features', vectors }];
}

/** What the latents of the crosscoder at the end of the last block change, if changes were measured. */
const crosscoder = ([found]: readonly MeasuredReport[]): Vectors[] => {
  const vectors = found?.vectors().crosscoder;
  return vectors ? [{ method: 'crosscoder latents', vectors }] : [];
};
