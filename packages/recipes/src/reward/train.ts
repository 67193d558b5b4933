import { join } from 'node:path';
import { hash32 } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { evaluatePolicy, finetune, finetuneByPpo, sft, stepsOf } from '@feedprint/finetune';
import type { PolicyEvaluation, TokenSequence, Trainer } from '@feedprint/finetune';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { toContinue } from '../checkpoints.ts';
import { followTraining } from '../tuning/follow.ts';
import type { Followed } from '../tuning/follow.ts';
import { keepStep } from '../tuning/keep-step.ts';
import { bestSampled } from './best.ts';
import type { RewardContext } from './context.ts';
import type { RewardSettings } from './settings.ts';

const evaluation = z.strictObject({
  reward: z.number(),
  standardError: z.number(),
  kl: z.number(),
});
const schema = z.strictObject({
  /** Iterations of PPO. */
  steps: z.int(),
  history: z.array(z.object({ step: z.int(), metrics: z.record(z.string(), z.number()) })),
  /** On held-out prompts. */
  before: evaluation,
  after: evaluation,
});

export interface RewardedModel extends z.infer<typeof schema> {
  /** A Hugging Face folder. */
  readonly folder: string;
}

const [MODEL, RESULT] = ['model', 'result.json'];

/** Tunes the model, and evaluates it on held-out prompts before and after. Continues from the last checkpoint. */
export const train = defineStage({
  name: 'train',
  needs: { bestSampled },
  config: ({ identity, settings, trainable, seed, dtype }: RewardContext) => ({
    ...{ identity, settings, trainable, seed, dtype },
  }),
  work: async ({ context, needs, folder, stage, run }) => {
    const before = await evaluate(context, context.model);
    stage.finding(sentence('before', before));
    const follow = followTraining({ name: 'train', stage, run });
    const [best = []] = needs.bestSampled;
    const keep: Keep = (reached) =>
      keepStep(context, reached, { stage: 'train', run, signal: stage.signal });
    const { trainer, history } = await tune(context, best, { follow, keep }).catch(
      toContinue('train'),
    );
    const steps = stepsIn(context.settings, best.length);
    try {
      const after = await evaluate(context, trainer.model());
      stage.finding(sentence('after', after));
      await trainer.save(join(folder, MODEL), { dtype: context.dtype });
      await writeJson(folder, RESULT, { steps, history, before, after });
    } finally {
      await trainer.dispose();
    }
  },
  read: async (folder): Promise<RewardedModel> => ({
    ...(await readJson(folder, RESULT, schema)),
    folder: join(folder, MODEL),
  }),
});

/** Steps of a training; of `best` replies where it learns from such. */
const stepsIn = (settings: RewardSettings, best: number): number =>
  settings.method === 'ppo' ? settings.iterations : stepsOf(settings.training, best);

type Keep = (reached: Parameters<typeof keepStep>[1]) => Promise<void>;

async function tune(
  { model, reward, identity, settings, trainable, prompts, seed, threads }: RewardContext,
  best: readonly TokenSequence[],
  { follow, keep }: { readonly follow: Followed; readonly keep: Keep },
) {
  const { signal, folder, onPoint, progress } = follow;
  const after = (unit: string) => {
    const tell = progress(unit);
    return async (step: number, all: number, { save }: Pick<Trainer<never>, 'save'>) => {
      tell(step, all);
      await keep({ step, all, save });
    };
  };
  const shared = {
    model,
    trainable,
    seed,
    signal,
    onPoint,
    ...(threads !== undefined && { threads }),
  };
  if (settings.method === 'ppo') {
    const { method: _, ...ppo } = settings;
    return finetuneByPpo({
      ...{ ...shared, prompts: prompts.train, reward, settings: ppo, checkpoint: { folder } },
      rewardName: JSON.stringify(identity),
      onIteration: after('iterations'),
    });
  }
  return finetune({
    ...{ ...shared, method: sft(), items: best, settings: settings.training },
    checkpoint: { folder },
    onStep: after('steps'),
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
