import { createRandom } from '@feedprint/core';
import { linearDecay, warmup } from '@feedprint/graph';
import { createTrainer } from '@feedprint/finetune';
import type { Method, Metrics, Trainable } from '@feedprint/finetune';
import type { PlantContext } from '../context.ts';
import type { Learner } from './learner.ts';

/** Steps until the learning rate is at its peak. */
const WARMUP = 20;
/** What the learning rate falls to, of its peak. */
const LOWEST = 0.05;
/** Low-rank updates learn at a higher rate than whole weights. */
const LORA_RATE = 10;

export interface BatchLearnerOptions<Item> {
  readonly context: PlantContext;
  readonly method: Method<Item>;
  readonly trainable: Trainable;
  /** What is learned from, in passes over all of it. */
  readonly train: readonly Item[];
  readonly judge: (
    evaluate: (items: readonly Item[]) => Promise<Metrics>,
  ) => ReturnType<Learner['judge']>;
}

/** Learns from items that are there from the start, a batch at a time, in an order of its own in each pass over them. */
export async function createBatchLearner<Item>({
  context,
  method,
  trainable,
  train,
  judge,
}: BatchLearnerOptions<Item>): Promise<Learner> {
  const { base, settings, threads } = context;
  const { epochs, batch, learningRate } = settings.passes;
  const perEpoch = Math.max(1, Math.floor(train.length / batch));
  const total = epochs * perEpoch;
  const rate = trainable.kind === 'lora' ? LORA_RATE * learningRate : learningRate;
  const warm = Math.min(WARMUP, total - 1);
  const falling = linearDecay({ rate, final: LOWEST * rate, steps: total - warm });
  const trainer = await createTrainer({
    ...{ model: base, method, trainable, seed: settings.seed },
    learningRate: warm > 0 ? warmup(warm, falling) : falling,
    ...(threads !== undefined && { threads }),
  });
  const random = createRandom(settings.seed).fork('order');
  const done = (): number => trainer.state().step;
  return {
    trainer,
    ...{ total, unit: 'steps', done },
    advance() {
      const epoch = Math.floor(done() / perEpoch);
      const order = random.fork(`epoch ${epoch}`).shuffle([...train.keys()]);
      const at = (done() % perEpoch) * batch;
      return trainer.step(order.slice(at, at + batch).map((i) => train[i] as Item));
    },
    judge: () => judge((items) => trainer.evaluate(items)),
  };
}
