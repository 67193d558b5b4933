import { encodeTexts } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import { createVaderTextSignal, readTexts, scoredTokens } from '@feedprint/feedback';
import { replyRewards, tokenRewards } from '@feedprint/finetune';
import type { RewardFunction } from '@feedprint/finetune';
import { chooseLexicon, rewardSettingsSchemas, tuneOnReward } from '@feedprint/recipes';
import type { RewardMethod, RewardSettings, RewardTuned, Watch } from '@feedprint/recipes';
import type { CheckpointModel } from '@feedprint/activations';
import { openTrainable } from './open-trainable.ts';
import { createProgressReporter } from '../progress.ts';
import { checkedSettings } from '../sae/train-flags.ts';
import { sayingRead, usedTexts } from '../texts.ts';
import { version } from '../version.ts';
import { replySignal, trainableOf } from './flags.ts';
import type { FinetuneFlags } from './flags.ts';
import { tellMetrics } from './metric-lines.ts';
import { describeWatched } from './on-files.ts';
import type { Typed } from './on-files.ts';
import { withWatch } from './watch.ts';

/** Flags that stand for settings of PPO, and of the best replies. */
const flagOf = {
  ppo: {
    iterations: 'steps',
    replies: 'batch',
    learningRate: 'lr',
    klWeight: 'beta',
    newTokens: 'max-new-tokens',
  },
  'rejection-sft': { newTokens: 'max-new-tokens', training: 'epochs' },
} as const;

/** Settings as the flags ask for. Throws `usage` for one that there is not, or whose value is refused. */
export function rewardSettings(method: RewardMethod, flags: FinetuneFlags): RewardSettings {
  const { steps, batch, lr, beta, epochs, maxNewTokens: newTokens, set = {} } = flags;
  const schema = rewardSettingsSchemas[method];
  const own = {
    ...checkedSettings(set, schema.shape, flagOf[method]),
    ...(newTokens !== undefined && { newTokens }),
  };
  const given = (values: Readonly<Record<string, number | undefined>>): object =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  if (method === 'ppo') {
    const named = { iterations: steps, replies: batch, learningRate: lr, klWeight: beta, epochs };
    return { method, ...rewardSettingsSchemas.ppo.parse({ ...own, ...given(named) }) };
  }
  const training = given({ steps, batchSize: batch, learningRate: lr, epochs });
  return { method, ...rewardSettingsSchemas[method].parse({ ...own, training }) };
}

/** Tunes on rewards for what the model itself writes, watched where that is asked for. */
export const finetuneOnRewards = (
  method: RewardMethod,
  flags: FinetuneFlags,
  typed: Typed,
): Promise<RewardTuned> =>
  withWatch(flags, typed.io, (watch) => tuneWatched(method, flags, { ...typed, watch }));

async function tuneWatched(
  method: RewardMethod,
  flags: FinetuneFlags,
  { typed, io, watch }: Typed & { readonly watch: Watch | undefined },
): Promise<RewardTuned> {
  const { prompts: file, signal, promptTokens, maxTexts: limit } = flags;
  if (file === undefined || flags.pairs !== undefined || flags.texts !== undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: `${method} learns from replies of the model's own`,
      remedy: 'give --prompts, and neither --pairs nor --texts',
    });
  }
  const settings = rewardSettings(method, flags);
  const read = await readTexts(file, { limit });
  const model = await openTrainable(flags.model, flags);
  try {
    const maxTokens = promptTokens ?? model.info.contextLength - settings.newTokens;
    const { rows, truncated } = encodeTexts(model, read.texts, { maxTokens, minTokens: 1 });
    const names = [...model.parameters()].map(({ name }) => name);
    const progress = createProgressReporter(io);
    const told = { file: read, what: usedTexts(rows.length, read.texts.length), rows, truncated };
    return await tuneOnReward({
      ...{ model, settings, prompts: rows, version },
      reward: { name: signal, of: await rewardOf(model, signal) },
      trainable: trainableOf(flags, names),
      ...{ heldOut: flags.heldOut, seed: flags.seed, threads: flags.threads },
      ...{ dtype: flags.dtype, out: flags.out, command: typed, now: io.now, signal: io.signal },
      ...(flags.saveEvery !== undefined && { saveEvery: flags.saveEvery }),
      ...(watch && { watch }),
      onEvent: sayingRead(told, io, tellMetrics(progress.event)),
    }).finally(progress.stop);
  } finally {
    await model.dispose();
  }
}

/** What `--signal` names: words that are single tokens, or whole replies. */
async function rewardOf(model: CheckpointModel, name: string): Promise<RewardFunction> {
  if (name === replySignal) return replyRewards(model, createVaderTextSignal());
  const { signal } = await chooseLexicon(name);
  const scored = await scoredTokens(model.tokenizer, signal);
  if (scored.length > 0) return tokenRewards(new Map(scored.map(({ id, stated }) => [id, stated])));
  throw new FeedprintError({
    code: 'feedback-empty',
    message: `${signal.name} scores no token of the vocabulary of ${model.name}`,
    remedy: 'use feedback on words that are single tokens of this model, or vader-text',
  });
}

export const describeRewarded = ({ folder, before, after, watched }: RewardTuned): string =>
  [
    `${folder}: reward of held-out replies ${before.reward.toFixed(3)} before, ${after.reward.toFixed(3)} +- ${after.standardError.toFixed(3)} after, at a KL of ${after.kl.toFixed(3)} nats a reply`,
    ...describeWatched(watched),
    '',
  ].join('\n');
