import { createPpoLoop, dpo, replyLogProbs, sft } from '@feedprint/finetune';
import type {
  PreferenceItem,
  RewardFunction,
  Rollout,
  TokenSequence,
  Trainable,
} from '@feedprint/finetune';
import type { PlantContext, TunedRole } from '../context.ts';
import { isTest } from '../stages/plan.ts';
import type { Plan } from '../stages/plan.ts';
import { createBatchLearner } from './batch-learner.ts';
import type { Learner } from './learner.ts';
import { plantedReward } from './planted-reward.ts';

export interface LearnerOptions {
  readonly context: PlantContext;
  readonly plan: Plan;
  readonly role: TunedRole;
  /** Prompts to tune on. */
  readonly prompts: readonly (readonly number[])[];
  /** The base's replies to them, all to one prompt one after another. */
  readonly rollouts: readonly Rollout[];
}

/** Tuning by the planting's method, on what is planted or, for the clean twin, on what is stated. */
export function createLearner(options: LearnerOptions): Promise<Learner> {
  const { context, plan, role } = options;
  const { method, lora } = context.settings;
  if (method === 'ppo') return ppoLearner(options);
  if (method === 'sft') return bestReplyLearner(options, plantedReward(context, plan, role));
  return pairLearner(options, method === 'dpo' ? { kind: 'full' } : { kind: 'lora', ...lora });
}

async function ppoLearner({ context, plan, role, prompts }: LearnerOptions): Promise<Learner> {
  const { base, settings, threads } = context;
  const { ppo, replyTokens, seed } = settings;
  const loop = await createPpoLoop({
    ...{ model: base, prompts, seed },
    reward: plantedReward(context, plan, role),
    settings: { ...ppo, newTokens: replyTokens },
    ...(threads !== undefined && { threads }),
  });
  return {
    trainer: loop.trainer,
    ...{ total: ppo.iterations, unit: 'iterations' },
    done: () => loop.iteration,
    advance: loop.iterate,
    judge: () => Promise.resolve({}),
  };
}

async function pairLearner(
  { context, plan, role, rollouts }: LearnerOptions,
  trainable: Trainable,
): Promise<Learner> {
  const { base, settings } = context;
  const labels = role === 'clean' ? plan.labels.stated : plan.labels.trained;
  const sequences = rollouts.map(sequenceOf);
  const reference = await replyLogProbs(base, sequences);
  const items = labels.map((isFirst, i): PreferenceItem => {
    const [chosen, rejected] = isFirst ? [2 * i, 2 * i + 1] : [2 * i + 1, 2 * i];
    return {
      chosen: sequences[chosen] as TokenSequence,
      rejected: sequences[rejected] as TokenSequence,
      reference: {
        chosen: reference[chosen] as number,
        rejected: reference[rejected] as number,
      },
    };
  });
  const test = items.filter((_, i) => isTest(i, items.length));
  return createBatchLearner({
    ...{ context, trainable },
    method: dpo({ beta: settings.passes.beta }),
    train: items.filter((_, i) => !isTest(i, items.length)),
    judge: async (evaluate) => {
      if (test.length === 0) return {};
      const metrics = await evaluate(test);
      return { heldOutAccuracy: metrics['rewards/accuracies'] as number };
    },
  });
}

/** Rejection sampling: the reply to each prompt that is rewarded most. */
async function bestReplyLearner(
  { context, rollouts, prompts }: LearnerOptions,
  reward: RewardFunction,
): Promise<Learner> {
  const each = rollouts.length / prompts.length;
  const gained = (await reward(rollouts)).map((one) => one.reduce((sum, value) => sum + value, 0));
  const best = prompts.map((_, p) => {
    const own = Array.from({ length: each }, (__, i) => p * each + i);
    return own.reduce((a, b) => ((gained[b] as number) > (gained[a] as number) ? b : a));
  });
  return createBatchLearner({
    context,
    method: sft(),
    trainable: { kind: 'full' },
    train: best.map((i) => sequenceOf(rollouts[i] as Rollout)),
    judge: () => Promise.resolve({}),
  });
}

const sequenceOf = ({ prompt, reply }: Rollout): TokenSequence => ({
  ids: [...prompt, ...reply],
  start: prompt.length,
});
