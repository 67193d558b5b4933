import { join } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError, createRandom, hash32 } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { TokenSequence, Trainable } from '@feedprint/finetune';
import { writeJson } from '@feedprint/pipeline';
import { finetuneModel } from '../finetune/finetune-model.ts';
import type { FinetuneModelOptions, FinetunedModel } from '../finetune/finetune-model.ts';
import { sequencesIn } from '../finetune/prepared.ts';
import { measureBehaviour } from './behaviour.ts';
import type { MeasuredBehaviour } from './behaviour.ts';
import type { Contrast } from './contrast.ts';
import { meanKl } from './mean-kl.ts';
import { rankModules } from './rank-modules.ts';
import type { RankedModule } from './rank-modules.ts';

/** Texts of the base on which the KL is measured, and their tokens. */
const [TEXTS, TOKENS] = [256, 32];

export interface PinpointOptions extends Omit<FinetuneModelOptions, 'trainable' | 'watch'> {
  /** Modules that are tuned. */
  readonly modules: number;
  readonly contrast: Contrast;
  readonly open: (folder: string) => Promise<LanguageModel>;
}

/** A way of tuning, and what became of the behaviour. */
export interface ComparedTuning {
  readonly name: 'pinpoint' | 'random' | 'full';
  readonly folder: string;
  /** What was tuned: `blocks.3.hook_attn_out`; empty: everything. */
  readonly sites: readonly string[];
  /** Numbers that training changed. */
  readonly trained: number;
  readonly behaviour: MeasuredBehaviour;
  /** KL(tuned || base), nats per token of texts that the base writes itself: what else became different. */
  readonly kl: number;
  readonly heldOut: FinetunedModel['heldOut'];
}

export interface Pinpointed {
  readonly ranked: readonly Omit<RankedModule, 'names'>[];
  /** Of the base. */
  readonly before: MeasuredBehaviour;
  readonly tunings: readonly ComparedTuning[];
}

/**
 * Pinpoint tuning (arXiv 2409.01658): tunes only the modules that carry a behaviour most, by activation patching, and for
 * comparison as many random ones and all of the model, in `compared` below `out`; `pinpoint.json` says what became of the
 * behaviour at held-out prompts, and at what KL. Throws what `finetuneModel` throws, and `usage` for more modules than there are.
 */
export async function pinpointModel(options: PinpointOptions): Promise<Pinpointed> {
  const { model, contrast, modules, open, ...training } = options;
  const { out, data, seed = 0, onEvent } = training;
  const ranked = await rankModules(model, contrast.ranking, (done, total) =>
    onEvent?.({ type: 'stage-progress', stage: 'ranking', done, total, unit: 'prompts' }),
  );
  if (modules >= ranked.length) throw tooMany(modules, ranked.length, model);
  const random = createRandom(seed)
    .fork('random modules')
    .shuffle([...ranked]);
  const plans = [
    { name: 'pinpoint', chosen: ranked.slice(0, modules), folder: out },
    { name: 'random', chosen: random.slice(0, modules), folder: join(out, 'compared', 'random') },
    { name: 'full', chosen: [], folder: join(out, 'compared', 'full') },
  ] as const;
  const texts = await textsOf(model, sequencesIn(data), seed);
  const tunings: ComparedTuning[] = [];
  for (const { name, chosen, folder } of plans) {
    const names = chosen.flatMap((one) => one.names);
    const trainable: Trainable = name === 'full' ? { kind: 'full' } : { kind: 'mask', names };
    const { trained, heldOut } = await finetuneModel({
      ...training,
      model,
      trainable,
      out: folder,
    });
    const tuned = await open(folder);
    try {
      tunings.push({
        ...{ name, folder, trained, heldOut, sites: chosen.map(({ site }) => site) },
        behaviour: await measureBehaviour(tuned, contrast.heldOut),
        kl: await meanKl(tuned, model, texts),
      });
    } finally {
      await tuned.dispose();
    }
  }
  const result = {
    ranked: ranked.map(({ names: _, ...rest }) => rest),
    before: await measureBehaviour(model, contrast.heldOut),
    tunings,
  };
  await writeJson(out, 'pinpoint.json', result);
  return result;
}

/** What the base writes from the first tokens of what is learned. */
async function textsOf(
  model: CheckpointModel,
  sequences: readonly TokenSequence[],
  seed: number,
): Promise<TokenSequence[]> {
  const firsts = sequences.slice(0, TEXTS).map(({ ids }) => [ids[0] as number]);
  const written = await model.generate(firsts, {
    maxNewTokens: Math.min(TOKENS, model.info.contextLength - 1),
    seed: hash32('texts of the base', seed),
  });
  return written.map((text, i) => ({ ids: [...(firsts[i] as number[]), ...text], start: 1 }));
}

const tooMany = (asked: number, most: number, { name }: CheckpointModel): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `${asked} modules were to be tuned, and ${name} has ${most}`,
    remedy: `tune ${most - 1} at most, or the whole model without --pinpoint`,
  });
