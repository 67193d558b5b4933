import type { CheckpointModel } from '@feedprint/activations';
import type { Method } from '../../src/methods/method.ts';
import { createParameterBuffer } from '../../src/parameters/parameter-buffer.ts';
import type { ParameterBuffer } from '../../src/parameters/parameter-buffer.ts';
import { planParameters } from '../../src/parameters/plan-parameters.ts';
import type { Trainable } from '../../src/parameters/trainable.ts';
import { createPolicy } from '../../src/trainer/policy.ts';
import type { Metrics, Policy } from '../../src/trainer/policy.ts';

export interface LearnOptions {
  readonly trainable?: Trainable;
  readonly tokensPerPass?: number;
  /** Numbers to begin with, instead of the parameters' own. */
  readonly initial?: (name: string, shape: readonly number[]) => Float32Array;
}

export interface Learned {
  readonly metrics: Metrics;
  readonly gradient: Float32Array;
  readonly buffer: ParameterBuffer;
}

/** Runs something with a policy of a model as it is. */
export async function withPolicy<Item, T>(
  model: CheckpointModel,
  method: Method<Item>,
  use: (policy: Policy<Item>, buffer: ParameterBuffer) => Promise<T>,
  { trainable = { kind: 'full' }, tokensPerPass = 4096, initial }: LearnOptions = {},
): Promise<T> {
  const plan = planParameters({ model, trainable, heads: method.heads ?? [], seed: 0 });
  const buffer = createParameterBuffer(
    plan.parameters.map((parameter) =>
      initial
        ? { ...parameter, initial: () => initial(parameter.name, parameter.shape) }
        : parameter,
    ),
  );
  const policy = await createPolicy({
    ...{ model, method, plan, buffer, tokensPerPass },
    current: () => model,
    runtime: { threads: 1 },
  });
  try {
    return await use(policy, buffer);
  } finally {
    await policy.dispose();
  }
}

/** Metrics of a batch and the gradient of its loss. */
export const learn = <Item>(
  model: CheckpointModel,
  method: Method<Item>,
  batch: readonly Item[],
  options: LearnOptions = {},
): Promise<Learned> =>
  withPolicy(
    model,
    method,
    async (policy, buffer) => {
      const gradient = new Float32Array(buffer.length);
      return { metrics: await policy.learn(batch, gradient, 1), gradient, buffer };
    },
    options,
  );
