import type { Graph } from '../graph.ts';
import { sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import type { StateVariable } from '../training-session.ts';

/** What changes from step to step, the same for all parameters. */
export interface OptimizerInputs {
  /** Learning rate, a scalar tensor so that it can be scheduled. */
  readonly learningRate: Tensor;
  /** `adamCorrections(t)`, `[2]`, fed each step; SGD does not read it. */
  readonly corrections: Tensor;
}

export interface OptimizerUpdate {
  /** The parameter after the step. */
  readonly next: Tensor;
  /** What the optimizer remembers of this parameter, by the moment's name, to keep as state. */
  readonly moments: Readonly<Record<string, StateVariable>>;
}

/** Adds one step for one parameter of fixed shape to a graph. */
export type Optimizer = (
  graph: Graph,
  parameter: Tensor,
  gradient: Tensor,
  inputs: OptimizerInputs,
) => OptimizerUpdate;

/** The input that holds a moment of a parameter, and its zeros. */
export function moment(graph: Graph, parameter: Tensor, name: string): Omit<StateVariable, 'next'> {
  const shape = parameter.shape as readonly number[];
  return {
    current: graph.input(`${parameter.name}.${name}`, 'float32', shape),
    initial: new Float32Array(sizeOf(shape)),
  };
}
