import { join } from 'node:path';
import { finetune, stepsOf } from '@feedprint/finetune';
import type { HistoryPoint } from '@feedprint/finetune';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { checkpointFolder, toContinue } from '../checkpoints.ts';
import type { FinetuneContext } from './context.ts';
import { keepStep } from '../tuning/keep-step.ts';
import { reference } from './reference.ts';
import { withTask } from './tasks.ts';

const resultSchema = z.object({
  /** Numbers that training changed. */
  trained: z.int(),
  steps: z.int(),
  history: z.array(z.object({ step: z.int(), metrics: z.record(z.string(), z.number()) })),
});

export interface TrainedModel extends z.infer<typeof resultSchema> {
  /** A Hugging Face folder. */
  readonly folder: string;
}

/** Trains the model and evaluates it on what is held out. Continues from the last checkpoint. */
export const train = defineStage({
  name: 'train',
  needs: { reference },
  config: ({ identity, task, trainable, settings, seed, threads, dtype }: FinetuneContext) => ({
    ...{
      identity,
      method: task.method,
      beta: task.beta,
      trainable,
      settings,
      seed,
      threads,
      dtype,
    },
  }),
  work: async ({ context, needs, folder, stage, run }) => {
    const { model, task, trainable, settings, seed, threads, device, dtype } = context;
    const { signal } = stage;
    const report = ({ step, metrics }: HistoryPoint): void => {
      for (const [name, value] of Object.entries(metrics)) {
        run.append({ type: 'metric', stage: 'train', name, step, value });
      }
    };
    await withTask(task, needs.reference[0] ?? [], async (given) => {
      const { trainer, history } = await finetune({
        ...{ ...given, model, trainable, settings, seed, signal },
        ...(threads !== undefined && { threads }),
        ...(device !== undefined && { device }),
        checkpoint: {
          folder: checkpointFolder(run),
          ...(context.checkpointSteps !== undefined && { everySteps: context.checkpointSteps }),
        },
        onPoint: report,
        async onStep(step, all, { save }) {
          if (!signal.aborted) stage.progress(step, all, 'steps');
          await keepStep(context, { step, all, save }, { stage: 'train', run, signal });
        },
      }).catch(toContinue('train'));
      try {
        await trainer.save(join(folder, 'model'), { dtype });
        const steps = stepsOf(settings, given.items.length);
        await writeJson(folder, 'result.json', { trained: trainer.trained, steps, history });
      } finally {
        await trainer.dispose();
      }
    });
  },
  read: async (folder): Promise<TrainedModel> => ({
    ...(await readJson(folder, 'result.json', resultSchema)),
    folder: join(folder, 'model'),
  }),
});
