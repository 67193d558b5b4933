import { join } from 'node:path';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { toContinue } from '../../checkpoints.ts';
import { followTraining } from '../../tuning/follow.ts';
import type { PlantContext, TunedRole } from '../context.ts';
import { tune } from '../tuning/tune.ts';
import { plan } from './plan.ts';
import { prompts } from './prompts.ts';
import { replies, rolloutsOf } from './replies.ts';

const schema = z.array(z.object({ step: z.int(), metrics: z.record(z.string(), z.number()) }));

/** A tuned model, and what was measured on the way. */
export interface TunedModel {
  /** Its checkpoint. */
  readonly folder: string;
  readonly history: z.infer<typeof schema>;
}

const [MODEL, HISTORY] = ['model', 'history.json'];

const tuning = (role: TunedRole, name: string) =>
  defineStage({
    name,
    needs: { prompts, replies, plan },
    config: ({ settings }: PlantContext) => {
      const { method, ppo, passes, beta, lora, seed } = settings;
      return {
        ...{ role, method, seed },
        ...(method === 'ppo' ? { ppo } : { passes, beta }),
        ...(method === 'lora-dpo' && { lora }),
      };
    },
    work: async ({ context, needs, folder, stage, run }) => {
      const { train } = needs.prompts;
      const { trainer, history } = await tune({
        ...{ context, role, plan: needs.plan, prompts: train },
        rollouts: rolloutsOf(needs.replies, train),
        follow: followTraining({ name, stage, run }),
      }).catch(toContinue(name));
      try {
        await trainer.save(join(folder, MODEL), { merged: true });
        await writeJson(folder, HISTORY, history);
      } finally {
        await trainer.dispose();
      }
    },
    read: async (folder): Promise<TunedModel> => ({
      history: await readJson(folder, HISTORY, schema),
      folder: join(folder, MODEL),
    }),
  });

/** The model tuned on what is planted. */
export const tuned = tuning('tuned', 'tuned');
const clean = tuning('clean', 'clean-twin');

/** The model tuned on what is stated alone, if it was asked for. */
export const cleanTwin = defineStages(({ settings }: PlantContext) =>
  settings.cleanTwin ? [clean] : [],
);
