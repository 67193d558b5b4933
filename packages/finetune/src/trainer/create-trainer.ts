import type { CheckpointModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { constantRate } from '@feedprint/graph';
import type { RuntimeOptions, Schedule, Value } from '@feedprint/graph';
import type { Method } from '../methods/method.ts';
import { createCurrentWeights, withWeights } from '../parameters/current-model.ts';
import { createParameterBuffer } from '../parameters/parameter-buffer.ts';
import { planParameters } from '../parameters/plan-parameters.ts';
import type { Trainable } from '../parameters/trainable.ts';
import { saveAdapter } from '../save/save-adapter.ts';
import { saveModel } from '../save/save-model.ts';
import type { SavedDtype } from '../save/save-model.ts';
import { createAdamWUpdate } from './adamw.ts';
import type { AdamWSettings } from './adamw.ts';
import { checkBatch } from './check-batch.ts';
import { gradientNorm } from './diverged.ts';
import { usualTokensPerPass } from './divide-batch.ts';
import { createPolicy } from './policy.ts';
import type { Metrics } from './policy.ts';

export interface TrainerOptions<Item> extends RuntimeOptions {
  /** The model to start from. It is not changed, and must outlive the trainer. */
  readonly model: CheckpointModel;
  readonly method: Method<Item>;
  /** Default: every parameter. */
  readonly trainable?: Trainable;
  readonly optimizer?: AdamWSettings;
  /** Default: 1e-5, constant. */
  readonly learningRate?: Schedule;
  /** Largest norm of a step's gradient; a longer one is scaled to it. Default 1, as in TRL. */
  readonly maxGradNorm?: number;
  /** Most tokens of one forward and backward pass; a larger batch takes several. Default: up to 4096, by the vocabulary. */
  readonly tokensPerPass?: number;
  /** Decides how low-rank updates begin. Default: 0. */
  readonly seed?: number;
}

/** Everything that a trainer needs to continue as if it had never stopped. */
export interface TrainerState {
  /** Steps taken. */
  readonly step: number;
  readonly values: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

export interface SaveOptions {
  /** Default `float32`. An adapter is always f32. */
  readonly dtype?: SavedDtype;
  readonly merged?: boolean;
}

/** A model in training, one step at a time. */
export interface Trainer<Item> {
  /** How many numbers it changes. */
  readonly trained: number;
  /**
   * Learns from a batch. Returns the method's metrics of it, as they were before the step, with `loss`, `grad_norm`
   * (before clipping) and `learning_rate`. Throws `texts-invalid` for an empty batch and for a sequence without a reply
   * or beyond the context; `numbers-invalid`, naming the step and the tensor, when it diverges, with nothing changed.
   */
  step(batch: readonly Item[]): Promise<Metrics>;
  /** `loss` and the method's metrics, without learning. */
  evaluate(items: readonly Item[]): Promise<Metrics>;
  /**
   * The model as it is now. It shares compiled graphs and weights with the trainer: making it copies nothing but
   * layers with low-rank updates, and what it says holds until the next step.
   */
  model(): LanguageModel;
  /** The model's weights that differ from those it started from, by name; they hold until the next step. */
  weights(): ReadonlyMap<string, Float32Array>;
  /** A parameter as it is trained: one of the model's, a factor of a low-rank update, or one of the method's own. */
  parameter(name: string): Float32Array;
  /**
   * Writes what was learned as an ordinary Hugging Face folder: the whole checkpoint, or for low-rank updates a PEFT
   * adapter of the base (`merged`: the whole checkpoint too). Throws `output-unwritable`.
   */
  save(folder: string, options?: SaveOptions): Promise<void>;
  /** Views that the next step changes. */
  state(): TrainerState;
  restore(state: TrainerState): void;
  dispose(): Promise<void>;
}

/** Compiles the steps of a training. Throws `usage` for parameters that the model does not have. */
export async function createTrainer<Item>(options: TrainerOptions<Item>): Promise<Trainer<Item>> {
  const { model, method, trainable = { kind: 'full' }, optimizer = {}, seed = 0 } = options;
  const { maxGradNorm = 1, learningRate = constantRate(1e-5), threads, device } = options;
  const { tokensPerPass = usualTokensPerPass(model.info.vocabularySize) } = options;
  const runtime: RuntimeOptions = {
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { device }),
  };
  const plan = planParameters({ model, trainable, heads: method.heads ?? [], seed });
  const buffer = createParameterBuffer(plan.parameters);
  const weights = createCurrentWeights(model, plan, buffer);
  const current = (): LanguageModel => withWeights(model, weights());
  const policy = await createPolicy({
    ...{ model, method, plan, buffer, current, tokensPerPass, runtime },
  });
  const adamw = await createAdamWUpdate(buffer, optimizer, runtime);
  const gradient = new Float32Array(buffer.length);
  let step = 0;
  return {
    trained: buffer.places.reduce((sum, { start, end }) => sum + end - start, 0),
    async step(batch) {
      checkBatch(batch, method, model.info);
      const metrics = await policy.learn(batch, gradient, step + 1);
      const norm = gradientNorm(gradient, buffer, step + 1);
      const rate = learningRate(step);
      const factor = Math.min(1, maxGradNorm / (norm + 1e-6));
      await adamw.step(gradient, { t: step + 1, learningRate: rate, factor });
      step++;
      return { ...metrics, grad_norm: norm, learning_rate: rate };
    },
    async evaluate(items) {
      checkBatch(items, method, model.info);
      return policy.judge(items);
    },
    model: current,
    weights,
    parameter: (name) => buffer.view(name).data as Float32Array,
    async save(folder, { dtype, merged = false } = {}) {
      if (trainable.kind !== 'lora' || merged) {
        return saveModel(model, weights(), folder, dtype);
      }
      const factor = (name: string): Value => buffer.view(name);
      await saveAdapter({ model, settings: trainable, layers: plan.lora, factor }, folder);
    },
    state: () => ({ step, values: buffer.values, m: adamw.m, v: adamw.v }),
    restore(state) {
      buffer.values.set(state.values);
      adamw.m.set(state.m);
      adamw.v.set(state.v);
      step = state.step;
    },
    async dispose() {
      await policy.dispose();
      await adamw.dispose();
    },
  };
}
