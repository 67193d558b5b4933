import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@feedprint/core';
import { canonicalJson } from '@feedprint/pipeline';
import { finetuneSae } from '@feedprint/sae';
import type { FinetuneMetrics, FinetuneSettings, GraphSae } from '@feedprint/sae';
import { createCurveRecorder } from './curve.ts';
import type { EvaluationTask } from './evaluate-saes.ts';
import type { PublishingTask } from './publish-saes.ts';
import type { PlannedSae } from './train-flags.ts';
import { CURVES, eventsOf, toContinue } from './train-saes.ts';
import type { TrainingTask } from './train-saes.ts';

/** A fine-tuning that is ready to start. */
export interface FinetuneTask
  extends
    EvaluationTask,
    PublishingTask,
    Pick<TrainingTask, 'seed' | 'checkpointTokens' | 'signal'> {
  /** The one SAE, as the others of a training are called. */
  readonly saes: readonly [PlannedSae];
  readonly sae: GraphSae;
  readonly settings: FinetuneSettings;
  readonly threads: number;
}

/** Fine-tunes the SAE, into a folder of the artifact. Continues from the last checkpoint. */
export async function finetuneStage(task: FinetuneTask): Promise<Artifact> {
  const { inputs, sae, settings, seed, threads, texts, signal, store: run } = task;
  const [{ name }] = task.saes;
  const checkpoints = join(run.folder, 'checkpoints');
  const artifact = await task.runner.run({
    name: 'finetune',
    config: {
      identity: task.identity,
      settings,
      format: task.format.name,
      seed,
      from: task.start?.fingerprint,
    },
    inputs: [],
    async work(folder, context) {
      const recorder = createCurveRecorder({
        stage: 'finetune',
        jobs: [name],
        earlier: await eventsOf(run),
        report: (metric, step, value) =>
          run.append({ type: 'metric', stage: 'finetune', name: metric, step, value }),
      });
      const tuned = await finetuneSae({
        ...{ sae, model: inputs.model, texts, seed, settings, threads, signal },
        checkpoint: { folder: checkpoints, everyTokens: task.checkpointTokens },
        onStep(metrics) {
          const { step, steps } = metrics;
          if (!signal.aborted) {
            context.progress(step * settings.batchRows, steps * settings.batchRows, 'tokens');
          }
          if (step !== steps && step % Math.max(1, Math.floor(steps / 20)) > 0) return;
          for (const [metric, value] of curveOf(metrics)) {
            recorder.event({ type: 'metric', stage: name, name: metric, step, value });
          }
        },
      }).catch(toContinue('finetune'));
      await task.format.save(tuned, join(folder, name));
      await tuned.dispose();
      await writeFile(join(folder, CURVES), canonicalJson(recorder.curves()));
    },
  });
  await rm(checkpoints, { recursive: true, force: true });
  return artifact;
}

const curveOf = ({ step: _, steps: __, ...curve }: FinetuneMetrics): [string, number][] =>
  Object.entries(curve);
