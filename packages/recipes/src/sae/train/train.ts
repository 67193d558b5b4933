import { createRandom } from '@feedprint/core';
import type { SaeJob, SparseAutoencoder } from '@feedprint/core';
import { canonicalJson, defineStage } from '@feedprint/pipeline';
import { checkpointFolder, toContinue } from '../../checkpoints.ts';
import { sitesOf } from '../context.ts';
import type { PlannedSae } from '../context.ts';
import { createCurveRecorder } from '../curve.ts';
import { combineStores, modelStores } from '../rows.ts';
import { readTrainedSaes, writeTrainedSaes } from '../trained-saes.ts';
import { keptRows } from './capture.ts';
import type { TrainContext } from './context.ts';
import { metric } from './metric.ts';

/** Trains all SAEs on one stream of rows. Continues from the last checkpoint. */
export const train = defineStage({
  name: 'train',
  needs: { kept: keptRows, metric },
  config: ({ identity, trainer, rows, format, saes, seed, start }: TrainContext) => ({
    identity,
    trainer: trainer.name,
    settings: trainer.settings,
    rows,
    format: { name: format.name, settings: format.settings },
    saes,
    seed,
    ...(start && { from: start.fingerprint }),
  }),
  work: async ({ context, needs, folder, stage, run }) => {
    const { trainer, saes, format, batchRows, checkpointTokens } = context;
    const { signal } = stage;
    const store =
      needs.kept[0] ??
      combineStores(modelStores(context, context.texts, sitesOf(context)), context.rows);
    const curves = await createCurveRecorder({
      stage: 'train',
      jobs: saes.map(({ name }) => name),
      run,
    });
    const trained = await trainer
      .trainAll(
        saes.map((sae) => ({ ...jobOf(sae, context, needs.metric[0]?.get(sae.site)), store })),
        {
          onStep: (_, { step, steps }) =>
            signal.aborted || stage.progress(step * batchRows, steps * batchRows, 'tokens'),
          onEvent: curves.event,
          checkpoint: { folder: checkpointFolder(run), everyTokens: checkpointTokens },
          signal,
        },
      )
      .catch(toContinue('train'));
    await writeTrainedSaes(folder, {
      format,
      saes: new Map(saes.map(({ name }, i) => [name, trained[i] as SparseAutoencoder])),
      curves: curves.curves(),
    });
  },
  read: (folder, { format }) => readTrainedSaes(folder, format),
});

const jobOf = (
  { name, ...sae }: PlannedSae,
  { seed, start }: TrainContext,
  metric: SaeJob['metric'],
): Omit<SaeJob, 'store'> => ({
  name,
  ...sae,
  seed: seedOf(seed, sae),
  ...(metric && { metric }),
  ...(start && { from: start.sae }),
});

/**
 * Each SAE has a seed of its own, whichever others are trained with it: dictionaries that started from the same
 * directions look more alike than what they learned.
 */
const seedOf = (seed: number, sae: Omit<PlannedSae, 'name'>): number =>
  createRandom(seed).fork(canonicalJson(sae)).integer(0x1_0000_0000);
