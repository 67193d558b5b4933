import { join } from 'node:path';
import {
  captureActivations,
  createShardedStoreFormat,
  streamBatching,
} from '@feedprint/activations';
import type { ActivationStore } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import { sitesOf } from '../context.ts';
import { combineStores } from '../rows.ts';
import type { SaeModels } from '../rows.ts';
import type { TrainContext } from './context.ts';

/** The rows that SAEs are trained on, kept on disk; none if they are streamed. */
export const keptRows = defineStages(({ stream }: TrainContext) => (stream ? [] : [captureRows]));

/** Runs each model over the training texts and keeps the rows of all sites. */
const captureRows = defineStage({
  name: 'capture',
  needs: {},
  config: (context: TrainContext) => ({
    identity: context.identity,
    sites: sitesOf(context),
    texts: context.texts.length,
  }),
  work: async ({ context, folder, stage }) => {
    const models = modelsOf(context);
    for (const [i, model] of models.entries()) {
      // In the order in which they would be streamed: whether they are kept must not change what is learned from them.
      await captureActivations(model, context.texts, {
        ...streamBatching,
        sites: sitesOf(context),
        store: createShardedStoreFormat(),
        folder: join(folder, `${i}`),
        onProgress: (done, total) =>
          stage.progress(i * total + done, models.length * total, 'tokens'),
      });
    }
  },
  read: async (folder, context): Promise<ActivationStore> => {
    const format = createShardedStoreFormat();
    const stores: ActivationStore[] = [];
    for (const i of modelsOf(context).keys()) stores.push(await format.open(join(folder, `${i}`)));
    return combineStores(stores, context.rows);
  },
});

const modelsOf = ({ base, model }: SaeModels) => (base ? [base, model] : [model]);
