import { mul, sub } from '../ops/elementwise.ts';
import { adamStep } from './adam.ts';
import type { AdamOptions } from './adam.ts';
import type { Operand } from '../tensor.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdamWOptions extends AdamOptions {
  /** Share of the parameter that a step removes, per unit of learning rate, a number or a scalar tensor; default 0.01. */
  readonly weightDecay?: Operand;
}

/** Adam that first shrinks the parameter by `learningRate weightDecay` (Loshchilov and Hutter 2019), in PyTorch's units. */
export const createAdamW =
  ({ weightDecay = 0.01, ...options }: AdamWOptions = {}): Optimizer =>
  (graph, parameter, gradient, inputs) => {
    const { step, moments } = adamStep(graph, parameter, gradient, inputs, options);
    const kept = mul(parameter, sub(1, mul(inputs.learningRate, weightDecay)));
    return { next: sub(kept, step), moments };
  };
