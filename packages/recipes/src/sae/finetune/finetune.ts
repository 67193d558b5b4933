import { defineStage } from '@feedprint/pipeline';
import { finetuneSae } from '@feedprint/sae';
import type { FinetuneMetrics, FinetuneSettings, GraphSae } from '@feedprint/sae';
import { checkpointFolder, toContinue } from '../../checkpoints.ts';
import type { PlannedSae, SaeContext, StartingSae } from '../context.ts';
import { createCurveRecorder } from '../curve.ts';
import { readTrainedSaes, writeTrainedSaes } from '../trained-saes.ts';

/** What all stages of one fine-tuning share. */
export interface FinetuneContext extends SaeContext {
  /** Name of the only SAE, like the names of those from training. */
  readonly saes: readonly [PlannedSae];
  readonly start: StartingSae<GraphSae>;
  readonly settings: FinetuneSettings;
  readonly threads: number | undefined;
}

/** Approximate number of points of the curve. */
const POINTS = 20;

/** Fine-tunes the SAE on what its reconstructions do to the model's predictions. Continues from the last checkpoint. */
export const finetune = defineStage({
  name: 'finetune',
  needs: {},
  config: ({ identity, settings, format, seed, start }: FinetuneContext) => ({
    identity,
    settings,
    format: { name: format.name, settings: format.settings },
    seed,
    from: start.fingerprint,
  }),
  work: async ({ context, folder, stage, run }) => {
    const { model, texts, seed, settings, threads, start, format } = context;
    const [{ name }] = context.saes;
    const { signal } = stage;
    const curves = await createCurveRecorder({ stage: 'finetune', jobs: [name], run });
    const tuned = await finetuneSae({
      ...{ sae: start.sae, model, texts, seed, settings, signal },
      ...(threads !== undefined && { threads }),
      checkpoint: { folder: checkpointFolder(run), everyTokens: context.checkpointTokens },
      onStep(metrics) {
        const { step, steps } = metrics;
        const { batchRows } = settings;
        if (!signal.aborted) stage.progress(step * batchRows, steps * batchRows, 'tokens');
        if (step !== steps && step % Math.max(1, Math.floor(steps / POINTS)) > 0) return;
        for (const [metric, value] of curveOf(metrics)) {
          curves.event({ type: 'metric', stage: name, name: metric, step, value });
        }
      },
    }).catch(toContinue('finetune'));
    await writeTrainedSaes(folder, {
      format,
      saes: new Map([[name, tuned]]),
      curves: curves.curves(),
    });
  },
  read: (folder, { format }) => readTrainedSaes(folder, format),
});

const curveOf = ({ step: _, steps: __, ...curve }: FinetuneMetrics): [string, number][] =>
  Object.entries(curve);
