import type { CheckpointModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { createProgram } from '@feedprint/graph';
import type { Program, RuntimeOptions, Tensor, Value } from '@feedprint/graph';
import type { Measured, Method } from '../methods/method.ts';
import type { ParameterBuffer } from '../parameters/parameter-buffer.ts';
import type { ParameterPlan } from '../parameters/plan-parameters.ts';
import { divideBatch } from './divide-batch.ts';
import { diverged, firstNotFinite } from './diverged.ts';
import { packSequences } from './packed-pass.ts';
import { buildPolicyGraph } from './policy-graph.ts';

/** By the names that TRL gives them. */
export type Metrics = Readonly<Record<string, number>>;

export interface PolicyOptions<Item> {
  readonly model: CheckpointModel;
  readonly method: Method<Item>;
  readonly plan: ParameterPlan;
  readonly buffer: ParameterBuffer;
  /** The model with the buffer's current numbers. */
  readonly current: () => LanguageModel;
  readonly tokensPerPass: number;
  readonly runtime: RuntimeOptions;
}

/** Computes loss, metrics and gradients of batches with the buffer's current numbers. */
export interface Policy<Item> {
  /** Metrics of a batch; writes the gradient of its loss. `step` is for the error of a loss that is not finite. */
  learn(batch: readonly Item[], gradient: Float32Array, step: number): Promise<Metrics>;
  /** Metrics alone. */
  judge(batch: readonly Item[]): Promise<Metrics>;
  dispose(): Promise<void>;
}

/** Compiles the pass that learns; the one that only judges is compiled when it is first needed. */
export async function createPolicy<Item>(options: PolicyOptions<Item>): Promise<Policy<Item>> {
  const { model, method, plan, buffer, current, tokensPerPass, runtime } = options;
  const { graph, objective, named, gradients } = buildPolicyGraph(model, method, plan);
  const slopes = gradients();
  const reported: Readonly<Record<string, Tensor>> = { ...objective.metrics, loss: objective.loss };
  const scalars = Object.values(reported);
  const learning = await createProgram(graph, [...scalars, ...slopes.values()], runtime);
  let judging: Promise<Program> | undefined;
  const frozen = graph.inputs.flatMap(({ name }) => (buffer.has(name) ? [] : [name]));

  const feedsOf = (
    pass: readonly Item[],
    batch: readonly Item[],
    measured: Measured,
  ): Record<string, Value> => ({
    ...model.transformer.weights.values(frozen),
    ...Object.fromEntries(buffer.places.map(({ name }) => [name, buffer.view(name)])),
    ...packSequences(pass.flatMap(method.sequences), model.info),
    ...method.feeds(pass, batch, measured),
  });
  const run = async (
    batch: readonly Item[],
    pass: (feeds: Record<string, Value>, into: Record<string, Value>, i: number) => Promise<void>,
  ): Promise<{ metrics: Metrics; feeds: Record<string, Value> | undefined }> => {
    const sums = Object.fromEntries(Object.keys(reported).map((name) => [name, 0]));
    const measured = (await method.measure?.(batch, current())) ?? {};
    let bad: Record<string, Value> | undefined;
    for (const [i, items] of divideBatch(batch, method, tokensPerPass).entries()) {
      const feeds = feedsOf(items, batch, measured);
      const into = Object.fromEntries(scalars.map(({ name }) => [name, scalarPlace()]));
      await pass(feeds, into, i);
      for (const [name, tensor] of Object.entries(reported)) {
        sums[name] = (sums[name] as number) + Number(into[tensor.name]?.data[0]);
      }
      if (!Number.isFinite(sums.loss)) bad ??= feeds;
    }
    const missing = new Set(method.missing?.(batch));
    const known = Object.entries(sums).filter(([name]) => !missing.has(name));
    return { metrics: Object.fromEntries(known), feeds: bad };
  };

  return {
    async learn(batch, gradient, step) {
      let further: Float32Array | undefined;
      const { metrics, feeds } = await run(batch, async (inputs, into, i) => {
        const target = i === 0 ? gradient : (further ??= new Float32Array(gradient.length));
        const views = [...slopes].map(([name, slope]) => [slope.name, buffer.view(name, target)]);
        await learning.run(inputs, { ...into, ...(Object.fromEntries(views) as typeof into) });
        if (i > 0) addTo(gradient, target);
      });
      if (!feeds) return metrics;
      const culprit = await firstNotFinite({ graph, named, feeds, buffer, runtime });
      throw diverged(step, `the loss is ${metrics.loss}`, culprit);
    },
    async judge(batch) {
      judging ??= createProgram(graph, scalars, runtime);
      const program = await judging;
      return (await run(batch, (feeds, into) => program.run(feeds, into))).metrics;
    },
    async dispose() {
      await learning.dispose();
      await (await judging)?.dispose();
    },
  };
}

const scalarPlace = (): Value => ({ data: new Float32Array(1), shape: [] });

function addTo(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
}
