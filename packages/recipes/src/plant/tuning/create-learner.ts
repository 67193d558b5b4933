import { dpo, replyLogProbs, sft } from '@feedprint/finetune';
import type {
  PreferenceItem,
  RewardFunction,
  Rollout,
  TokenSequence,
  Trainable,
} from '@feedprint/finetune';
import type { PlantContext, TunedRole } from '../context.ts';
import { bestReplies, sequenceOf } from '../../tuning/best-replies.ts';
import { isTest } from '../stages/plan.ts';
import type { Plan } from '../stages/plan.ts';
import { createBatchLearner } from '../../tuning/batch-learner.ts';
import { createPpoLearner } from '../../tuning/ppo-learner.ts';
import type { Learner } from '../../tuning/learner.ts';
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
  const { context, plan, role, prompts } = options;
  const { base, settings, threads } = context;
  const { method, lora, ppo, replyTokens, seed } = settings;
  const reward = plantedReward(context, plan, role);
  if (method === 'ppo') {
    return createPpoLearner({
      ...{ model: base, prompts, seed, reward },
      settings: { ...ppo, newTokens: replyTokens },
      ...(threads !== undefined && { threads }),
    });
  }
  if (method === 'sft') return bestReplyLearner(options, reward);
  return pairLearner(options, method === 'dpo' ? { kind: 'full' } : { kind: 'lora', ...lora });
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
    ...learning(context),
    trainable,
    method: dpo({ beta: settings.passes.beta }),
    train: items.filter((_, i) => !isTest(i, items.length)),
    judge: async (evaluate) => {
      if (test.length === 0) return {};
      const metrics = await evaluate(test);
      return { heldOutAccuracy: metrics['rewards/accuracies'] as number };
    },
  });
}

async function bestReplyLearner(
  { context, rollouts, prompts }: LearnerOptions,
  reward: RewardFunction,
): Promise<Learner> {
  return createBatchLearner({
    ...learning(context),
    method: sft(),
    trainable: { kind: 'full' },
    train: await bestReplies(rollouts, rollouts.length / prompts.length, reward),
  });
}

const learning = ({ base, settings: { passes, seed }, threads }: PlantContext) => ({
  ...{ model: base, settings: passes, seed, threads },
});
