import { join } from 'node:path';
import { hash32 } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { evaluatePolicy, sft } from '@feedprint/finetune';
import type { PolicyEvaluation } from '@feedprint/finetune';
import { makeFolder } from '@feedprint/core/files';
import { defineStage, hashOf, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { checkpointFolder } from '../sae/checkpoints.ts';
import { createBatchLearner } from '../tuning/batch-learner.ts';
import { learn } from '../tuning/learn.ts';
import type { Learner } from '../tuning/learner.ts';
import { createPpoLearner } from '../tuning/ppo-learner.ts';
import { bestSampled } from './best.ts';
import type { RewardContext } from './context.ts';

const evaluation = z.strictObject({
  reward: z.number(),
  standardError: z.number(),
  kl: z.number(),
});
const schema = z.strictObject({
  log: z.array(z.record(z.string(), z.number())),
  /** On held-out prompts. */
  before: evaluation,
  after: evaluation,
});

export interface RewardedModel extends z.infer<typeof schema> {
  /** A Hugging Face folder. */
  readonly folder: string;
}

const MODEL = 'model';

/** Tunes the model, and evaluates it on held-out prompts before and after. Continues from the last checkpoint. */
export const train = defineStage({
  name: 'train',
  needs: { bestSampled },
  config: ({ identity, settings, trainable, seed, type }: RewardContext) => ({
    ...{ identity, settings, trainable, seed, type },
  }),
  work: async ({ context, needs, folder, stage, run }) => {
    const learner = await createLearner(context, needs.bestSampled[0] ?? []);
    try {
      const before = await evaluate(context, context.model);
      stage.finding(sentence('before', before));
      const kept = checkpointFolder(run);
      makeFolder(kept);
      const { identity, settings } = context;
      const key = hashOf([identity, settings, context.trainable]).slice(0, 16);
      const log = await learn(learner, { stage, file: join(kept, `${key}.safetensors`) });
      const after = await evaluate(context, learner.trainer.model());
      stage.finding(sentence('after', after));
      await learner.trainer.save(join(folder, MODEL), { type: context.type });
      await writeJson(folder, 'result.json', { log, before, after });
    } finally {
      await learner.trainer.dispose();
    }
  },
  read: async (folder): Promise<RewardedModel> => ({
    ...(await readJson(folder, 'result.json', schema)),
    folder: join(folder, MODEL),
  }),
});

function createLearner(
  { model, reward, settings, trainable, prompts, seed, threads }: RewardContext,
  best: Parameters<ReturnType<typeof sft>['sequences']>[0][],
): Promise<Learner> {
  if (settings.method === 'ppo') {
    const { method: _, ...ppo } = settings;
    return createPpoLearner({
      ...{ model, prompts: prompts.train, reward, settings: ppo, trainable, seed },
      ...(threads !== undefined && { threads }),
    });
  }
  return createBatchLearner({
    model,
    settings,
    seed,
    threads,
    trainable,
    method: sft(),
    train: best,
  });
}

const evaluate = (
  { model, reward, settings, prompts, seed }: RewardContext,
  policy: LanguageModel,
): Promise<PolicyEvaluation> =>
  evaluatePolicy({
    ...{ policy, reference: model, reward, prompts: prompts.heldOut },
    maxNewTokens: settings.newTokens,
    temperature: settings.temperature,
    seed: hash32('held-out replies', seed),
  });

const sentence = (when: string, { reward, standardError, kl }: PolicyEvaluation): string =>
  `held-out replies ${when} tuning: reward ${reward.toFixed(3)} +- ${standardError.toFixed(3)}, KL ${kl.toFixed(3)} nats a reply`;
