import { FeedprintError } from '@feedprint/core';
import { trainingSettingsSchema } from '@feedprint/finetune';
import type { SavedDtype, Trainable, TrainingSettings } from '@feedprint/finetune';
import { rewardMethods } from '@feedprint/recipes';
import type { FinetuneMethod, RewardMethod } from '@feedprint/recipes';
import type { Device } from '@feedprint/graph';
import { checkedSettings } from '../sae/train-flags.ts';

/** Flags of `finetune`, parsed one by one. */
export interface FinetuneFlags {
  readonly model: string;
  readonly method: FinetuneMethod | RewardMethod;
  readonly pairs?: string;
  readonly ratings?: string;
  readonly texts?: string;
  readonly prompts?: string;
  readonly signal: string;
  readonly promptTokens?: number;
  readonly maxNewTokens?: number;
  readonly out: string;
  readonly lora?: number;
  readonly loraAlpha?: number;
  readonly modules?: readonly string[];
  readonly epochs?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly beta?: number;
  readonly heldOut: number;
  readonly maxPairs?: number;
  readonly maxTexts?: number;
  readonly maxLength?: number;
  readonly map?: string;
  readonly chatTemplate?: string;
  readonly dtype: SavedDtype;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly saveEvery?: number;
  readonly checkpointSteps?: number;
  readonly pinpoint?: number;
  readonly contrast?: string;
  readonly auditEvery?: number;
  readonly auditTexts?: string;
  readonly auditFeedback?: string;
  readonly told?: string;
  readonly freshReplies?: number;
  readonly json?: boolean;
  readonly threads: number;
  readonly device: Device;
  readonly revision?: string;
  readonly offline?: boolean;
}

/** Whether a model learns from replies that it writes itself. */
export const isRewardMethod = (name: string): name is RewardMethod =>
  rewardMethods.some((method) => method === name);

/** The `--signal` that rewards whole replies rather than words. */
export const replySignal = 'vader-text';

/** Settings that have a flag of their own. */
const flagOf = {
  epochs: 'epochs',
  steps: 'steps',
  batchSize: 'batch',
  learningRate: 'lr',
} as const;

/** What the flags ask for, with defaults. Throws `usage` for a setting that there is not, or whose value is refused. */
export function finetuneSettings({
  epochs,
  steps,
  batch,
  lr,
  set = {},
}: FinetuneFlags): TrainingSettings {
  return trainingSettingsSchema.parse({
    ...(epochs !== undefined && { epochs }),
    ...(steps !== undefined && { steps }),
    ...(batch !== undefined && { batchSize: batch }),
    ...(lr !== undefined && { learningRate: lr }),
    ...checkedSettings(set, trainingSettingsSchema.shape, flagOf),
  });
}

/**
 * Which numbers the flags let training change. Parts of names choose whole parameters of `names`, or with `--lora` the layers
 * that get updates. Throws `usage` for a part that no name has.
 */
export function trainableOf(
  { lora, loraAlpha, modules }: FinetuneFlags,
  names: readonly string[],
): Trainable {
  if (lora !== undefined) {
    const settings = { rank: lora, alpha: loraAlpha ?? 2 * lora };
    return { kind: 'lora', ...settings, ...(modules && { targets: modules }) };
  }
  if (!modules) return { kind: 'full' };
  const parts = (name: string): string => `.${name}.`;
  const unknown = modules.find(
    (wanted) => !names.some((name) => parts(name).includes(parts(wanted))),
  );
  if (unknown !== undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: `the model has no parameter with ${unknown} in its name`,
      remedy: `use parts of names such as ${names.slice(0, 3).join(', ')}`,
    });
  }
  const isChosen = (name: string): boolean =>
    modules.some((wanted) => parts(name).includes(parts(wanted)));
  return { kind: 'mask', names: names.filter(isChosen) };
}
