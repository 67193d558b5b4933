import { FeedprintError, createRandom, hash32 } from '@feedprint/core';
import type { CheckpointModel } from '@feedprint/activations';
import type { ModelInfo, TokenRows } from '@feedprint/core';
import { linearDecay } from '@feedprint/graph';
import type { RuntimeOptions } from '@feedprint/graph';
import { ppo } from '../methods/ppo.ts';
import type { PpoItem } from '../methods/ppo.ts';
import type { Trainable } from '../parameters/trainable.ts';
import { createTrainer } from '../trainer/create-trainer.ts';
import type { Trainer } from '../trainer/create-trainer.ts';
import type { Metrics } from '../trainer/policy.ts';
import { collect } from './collect.ts';
import type { PpoTrainingSettings } from './ppo-settings.ts';
import type { RewardFunction } from './rollout.ts';
import { valueHead, valuesOf } from './value-head.ts';

export interface PpoLoopOptions extends RuntimeOptions {
  /** The model to start from, and the reference. */
  readonly model: CheckpointModel;
  /** Prompts that batches are drawn from, with replacement. */
  readonly prompts: TokenRows;
  readonly reward: RewardFunction;
  readonly settings: PpoTrainingSettings;
  readonly trainable?: Trainable;
  readonly seed: number;
}

/** PPO, one sampling at a time. All that an iteration depends on is the trainer's state, whose steps count. */
export interface PpoLoop {
  readonly trainer: Trainer<PpoItem>;
  /** Iterations done. */
  readonly iteration: number;
  /** Samples replies, learns from them, and returns the means of what was measured. */
  iterate(): Promise<Metrics>;
}

/**
 * Prepares PPO; the trainer is disposed of by the caller. Throws `texts-invalid` for no prompts and for prompts that leave no room for a
 * reply, `config-invalid` for fewer replies than minibatches.
 */
export async function createPpoLoop(options: PpoLoopOptions): Promise<PpoLoop> {
  const { model, prompts, reward, settings, seed, trainable, ...runtime } = options;
  const { iterations, replies, epochs, minibatches, learningRate } = settings;
  const random = createRandom(seed);
  const perIteration = epochs * minibatches;
  checkPrompts(prompts, model.info);
  if (replies < minibatches) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `${replies} replies cannot be divided into ${minibatches} minibatches`,
      remedy: 'sample more replies, or set fewer minibatches',
    });
  }
  const trainer = await createTrainer({
    ...runtime,
    model,
    method: ppo({ ...settings, klWeight: settings.klIn === 'loss' ? settings.klWeight : 0 }),
    ...(trainable && { trainable }),
    learningRate: linearDecay({
      rate: learningRate,
      final: learningRate / 10,
      steps: iterations * perIteration,
    }),
    seed,
  });
  const values = settings.valueHead
    ? (states: Parameters<typeof valuesOf>[0]) =>
        valuesOf(states, trainer.parameter(valueHead.weight), trainer.parameter(valueHead.bias))
    : undefined;
  const done = (): number => Math.floor(trainer.state().step / perIteration);

  return {
    trainer,
    get iteration() {
      return done();
    },
    async iterate() {
      const own = random.fork(`iteration ${done()}`);
      const drawn = Array.from(
        { length: replies },
        () => prompts[own.integer(prompts.length)] as ArrayLike<number>,
      );
      const { items, metrics } = await collect({
        ...{ policy: trainer.model(), reference: model, prompts: drawn, reward, values, settings },
        seed: hash32(`replies ${done()}`, seed),
      });
      const learned: Metrics[] = [];
      for (let epoch = 0; epoch < epochs; epoch++) {
        const order = own.fork(`epoch ${epoch}`).shuffle([...items]);
        for (let part = 0; part < minibatches; part++) {
          const batch = order.filter((_, i) => i % minibatches === part);
          learned.push(await trainer.step(batch));
        }
      }
      return { ...metrics, ...meansOf(learned) };
    },
  };
}

function checkPrompts(prompts: TokenRows, { contextLength }: ModelInfo): void {
  const bad = prompts.findIndex(({ length }) => length === 0 || length >= contextLength);
  if (prompts.length > 0 && bad < 0) return;
  const length = prompts[bad]?.length;
  throw new FeedprintError({
    code: 'texts-invalid',
    message:
      length === undefined
        ? 'there are no prompts'
        : `prompt ${bad} has ${length} tokens, for a context of ${contextLength}`,
    remedy: 'give prompts of at least one token that leave room for a reply',
  });
}

function meansOf(all: readonly Metrics[]): Metrics {
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      all.reduce((sum, metrics) => sum + (metrics[name] as number), 0) / all.length,
    ]),
  );
}
