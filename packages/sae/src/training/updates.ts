import {
  clipByGlobalNorm,
  createAdam,
  createAdamW,
  createSgd,
  div,
  gradients,
  mul,
  reduceSum,
  sqrt,
  sub,
} from '@feedprint/graph';
import type { Graph, Optimizer, OptimizerInputs, StateVariable, Tensor } from '@feedprint/graph';
import type { Parameter } from './parameters.ts';
import type { SaeTrainingSettings } from './settings.ts';

/**
 * The parameters and their moments, `<parameter>.<moment>`, after a step down the loss. Decoder rows of unit length lose the part
 * of their gradient that would change it, then gradients are clipped, the optimizer steps, and the rows are normalised again
 * (Bricken et al. 2023).
 */
export function updated(
  graph: Graph,
  loss: Tensor,
  parameters: readonly Parameter[],
  { settings, ...inputs }: OptimizerInputs & { readonly settings: SaeTrainingSettings },
): Readonly<Record<string, StateVariable>> {
  const slopes = gradients(
    loss,
    parameters.map(({ tensor }) => tensor),
  ).map((slope, i) => {
    const { isUnit, tensor } = parameters[i] as Parameter;
    return isUnit ? tangential(slope, tensor) : slope;
  });
  const clipped = settings.clipNorm === null ? slopes : clip(slopes, settings.clipNorm);
  const optimizer = optimizerOf(settings);
  const states = parameters.flatMap(({ name, tensor, initial, isUnit }, i) => {
    const { next, moments } = optimizer(graph, tensor, clipped[i] as Tensor, inputs);
    const own = { current: tensor, next: isUnit ? unitRows(next) : next, initial };
    const remembered = Object.entries(moments).map(
      ([moment, variable]) => [`${name}.${moment}`, variable] as const,
    );
    return [[name, own] as const, ...remembered];
  });
  return Object.fromEntries(states);
}

function optimizerOf(settings: SaeTrainingSettings): Optimizer {
  const { optimizer, beta1, beta2, weightDecay } = settings;
  switch (optimizer) {
    case 'adam':
      return createAdam({ beta1, beta2 });
    case 'adamw':
      return createAdamW({ beta1, beta2, weightDecay });
    case 'sgd':
      return createSgd({ momentum: beta1 });
  }
}

const clip = (slopes: readonly Tensor[], maxNorm: number): readonly Tensor[] =>
  clipByGlobalNorm(slopes as [Tensor, ...Tensor[]], maxNorm).gradients;

/** The part of a gradient that does not change the rows' length, for rows of length 1. */
const tangential = (gradient: Tensor, rows: Tensor): Tensor =>
  sub(gradient, mul(rows, reduceSum(mul(gradient, rows), [1], true)));

const unitRows = (w: Tensor): Tensor => div(w, sqrt(reduceSum(mul(w, w), [1], true)));
