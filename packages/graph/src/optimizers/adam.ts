import type { Graph } from '../graph.ts';
import { add, div, mul, sqrt, sub } from '../ops/elementwise.ts';
import { reshape, slice } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { moment } from './optimizer.ts';
import type { Optimizer, OptimizerInputs, OptimizerUpdate } from './optimizer.ts';

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba 2015, Algorithm 1). `corrections` must be those of the same betas. */
export const createAdam =
  (options: AdamOptions = {}): Optimizer =>
  (graph, parameter, gradient, inputs) => {
    const { step, moments } = adamStep(graph, parameter, gradient, inputs, options);
    return { next: sub(parameter, step), moments };
  };

/**
 * What Adam subtracts from a parameter. Scalar factors are folded together, so that Adam makes ten passes over the
 * parameter: the moments are kept as m / (1 - beta1) and v / (1 - beta2).
 */
export function adamStep(
  graph: Graph,
  parameter: Tensor,
  gradient: Tensor,
  { learningRate, corrections }: OptimizerInputs,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): { readonly step: Tensor; readonly moments: OptimizerUpdate['moments'] } {
  const m = moment(graph, parameter, 'm');
  const v = moment(graph, parameter, 'v');
  const nextM = add(mul(m.current, beta1), gradient);
  const nextV = add(mul(v.current, beta2), mul(gradient, gradient));
  const [first, second] = [0, 1].map((i) => reshape(slice(corrections, 0, i, i + 1), []));
  // rate m c1 / (sqrt(v c2) + epsilon), numerator and denominator divided by s = sqrt(c2 (1 - beta2)).
  const s = sqrt(mul(second as Tensor, 1 - beta2));
  const rate = div(mul(mul(learningRate, first as Tensor), 1 - beta1), s);
  return {
    step: mul(div(nextM, add(sqrt(nextV), div(epsilon, s))), rate),
    moments: { m: { ...m, next: nextM }, v: { ...v, next: nextV } },
  };
}

/** Bias corrections of step `t`, from 1: 1 / (1 - beta1^t) and 1 / (1 - beta2^t). */
export function adamCorrections(t: number, beta1 = 0.9, beta2 = 0.999): Float32Array {
  return Float32Array.of(1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t));
}
