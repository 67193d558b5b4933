import { dpo, finetune, finetuneByPpo, replyLogProbs, sft } from '@feedprint/finetune';
import type {
  Finetuned,
  HistoryPoint,
  Method,
  PreferenceItem,
  Rollout,
  TokenSequence,
  Trainable,
} from '@feedprint/finetune';
import { bestReplies, sequenceOf } from '../../tuning/best-replies.ts';
import type { Followed } from '../../tuning/follow.ts';
import type { PlantContext, TunedRole } from '../context.ts';
import { isTest } from '../stages/plan.ts';
import type { Plan } from '../stages/plan.ts';
import { plantedReward } from './planted-reward.ts';

export interface TuneOptions {
  readonly context: PlantContext;
  readonly plan: Plan;
  readonly role: TunedRole;
  /** Prompts to tune on. */
  readonly prompts: readonly (readonly number[])[];
  /** The base's replies to them, all to one prompt one after another. */
  readonly rollouts: readonly Rollout[];
  readonly follow: Followed;
}

/** What a tuning leaves; the trainer is disposed of by the caller. */
export interface Tuned {
  readonly trainer: Pick<Finetuned<never>['trainer'], 'save' | 'dispose'>;
  readonly history: readonly HistoryPoint[];
}

/** Tunes by the planting's method, on what is planted or, for the clean twin, on what is stated. */
export async function tune(options: TuneOptions): Promise<Tuned> {
  const { context, plan, role, prompts, rollouts, follow } = options;
  const { base: model, settings, threads } = context;
  const { method, lora, ppo, replyTokens, seed } = settings;
  const { signal, folder, onPoint } = follow;
  const reward = plantedReward(context, plan, role);
  if (method === 'ppo') {
    return finetuneByPpo({
      ...{ model, prompts, seed, reward, signal, onPoint },
      rewardName: `${role} of ${JSON.stringify([plan.words, plan.worth])}`,
      settings: { ...ppo, newTokens: replyTokens },
      ...(threads !== undefined && { threads }),
      checkpoint: { folder },
      onIteration: follow.progress('iterations'),
    });
  }
  if (method === 'sft') {
    const items = await bestReplies(rollouts, rollouts.length / prompts.length, reward);
    return learn(options, { method: sft(), trainable: { kind: 'full' }, items });
  }
  const { items, heldOut } = await labelledPairs(options);
  const trainable: Trainable = method === 'dpo' ? { kind: 'full' } : { kind: 'lora', ...lora };
  return learn(options, { method: dpo({ beta: settings.beta }), trainable, items, heldOut });
}

interface Lesson<Item> {
  readonly method: Method<Item>;
  readonly trainable: Trainable;
  readonly items: readonly Item[];
  readonly heldOut?: readonly Item[];
}

/** Learns from replies that are there from the start. */
function learn<Item>({ context, follow }: TuneOptions, lesson: Lesson<Item>): Promise<Tuned> {
  const { base: model, settings, threads } = context;
  const { signal, folder, onPoint } = follow;
  return finetune({
    ...{ ...lesson, model, settings: settings.passes, seed: settings.seed, signal, onPoint },
    ...(threads !== undefined && { threads }),
    checkpoint: { folder },
    onStep: follow.progress('steps'),
  });
}

async function labelledPairs({ context, plan, role, rollouts }: TuneOptions) {
  const labels = role === 'clean' ? plan.labels.stated : plan.labels.trained;
  const sequences = rollouts.map(sequenceOf);
  const reference = await replyLogProbs(context.base, sequences);
  const all = labels.map((isFirst, i): PreferenceItem => {
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
  return {
    items: all.filter((_, i) => !isTest(i, all.length)),
    heldOut: all.filter((_, i) => isTest(i, all.length)),
  };
}
