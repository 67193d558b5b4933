import { join } from 'node:path';
import { makeFolder } from '@feedprint/core/files';
import { defineStage, defineStages, hashOf, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { checkpointFolder } from '../../checkpoints.ts';
import type { PlantContext, TunedRole } from '../context.ts';
import { createLearner } from '../tuning/create-learner.ts';
import { learn } from '../tuning/learn.ts';
import { plan } from './plan.ts';
import { prompts } from './prompts.ts';
import { replies, rolloutsOf } from './replies.ts';

const metrics = z.record(z.string(), z.number());
const schema = z.strictObject({
  /** Of each iteration or step. */
  log: z.array(metrics),
  judged: metrics,
});

/** A tuned model, and what was measured on the way. */
export interface TunedModel extends z.infer<typeof schema> {
  /** Its checkpoint. */
  readonly folder: string;
}

/** Where the checkpoint lies in the stage's folder. */
const MODEL = 'model';

const tuning = (role: TunedRole) =>
  defineStage({
    name: role === 'tuned' ? 'tuned' : 'clean-twin',
    needs: { prompts, replies, plan },
    config: ({ settings }: PlantContext) => {
      const { method, ppo, passes, lora, seed } = settings;
      return {
        ...{ role, method, seed },
        ...(method === 'ppo' ? { ppo } : { passes }),
        ...(method === 'lora-dpo' && { lora }),
      };
    },
    work: async ({ context, needs, folder, stage, run }) => {
      const { train } = needs.prompts;
      const learner = await createLearner({
        ...{ context, role, plan: needs.plan, prompts: train },
        rollouts: rolloutsOf(needs.replies, train),
      });
      try {
        const kept = checkpointFolder(run);
        makeFolder(kept);
        const key = hashOf([role, context.identity, context.settings]).slice(0, 16);
        const log = await learn(learner, { stage, file: join(kept, `${key}.safetensors`) });
        await learner.trainer.save(join(folder, MODEL), { dtype: 'float32', merged: true });
        await writeJson(folder, 'log.json', { log, judged: await learner.judge() });
      } finally {
        await learner.trainer.dispose();
      }
    },
    read: async (folder): Promise<TunedModel> => ({
      ...(await readJson(folder, 'log.json', schema)),
      folder: join(folder, MODEL),
    }),
  });

/** The model tuned on what is planted. */
export const tuned = tuning('tuned');
const clean = tuning('clean');

/** The model tuned on what is stated alone, if it was asked for. */
export const cleanTwin = defineStages(({ settings }: PlantContext) =>
  settings.cleanTwin ? [clean] : [],
);
