import type { Graph } from './graph.ts';
import { add, div, mul, sqrt, sub } from './ops/elementwise.ts';
import type { Tensor } from './tensor.ts';
import type { StateVariable } from './training-session.ts';

export interface AdamOptions {
  /** Learning rate, a scalar tensor so that it can be scheduled. */
  readonly learningRate: Tensor;
  /** 1 / (1 - beta1^t) and 1 / (1 - beta2^t), fed each step: `adamCorrections(t)`. */
  readonly corrections: Tensor;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export interface AdamUpdate {
  /** The parameter after the step. */
  readonly next: Tensor;
  /** The moments, to keep as state. */
  readonly moments: readonly [StateVariable, StateVariable];
}

/** Adam (Kingma and Ba 2015, Algorithm 1) for one parameter, as graph nodes. */
export function adam(
  graph: Graph,
  parameter: Tensor,
  gradient: Tensor,
  options: AdamOptions,
): AdamUpdate {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const shape = parameter.shape as readonly number[];
  const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const m = graph.input(`${parameter.name}.m`, 'float32', shape);
  const v = graph.input(`${parameter.name}.v`, 'float32', shape);
  const nextM = add(mul(m, beta1), mul(gradient, 1 - beta1));
  const nextV = add(mul(v, beta2), mul(mul(gradient, gradient), 1 - beta2));
  const [first, second] = [0, 1].map((i) => pick(options.corrections, i)) as [Tensor, Tensor];
  const step = div(mul(nextM, first), add(sqrt(mul(nextV, second)), epsilon));
  return {
    next: sub(parameter, mul(step, options.learningRate)),
    moments: [
      { current: m, next: nextM, initial: zeros },
      { current: v, next: nextV, initial: zeros },
    ],
  };
}

/** Bias corrections of step `t`, from 1. */
export function adamCorrections(t: number, beta1 = 0.9, beta2 = 0.999): Float32Array {
  return Float32Array.of(1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t));
}

function pick(vector: Tensor, index: number): Tensor {
  const at = vector.graph.constant(BigInt64Array.of(BigInt(index)), []);
  return vector.graph.node('Gather', [vector, at], { shape: [], attributes: { axis: 0 } });
}
