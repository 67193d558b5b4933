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
 * The parameters and their moments, `<parameter>.<moment>`, after a step that reduces the loss. Decoder rows that are kept
 * at a fixed length, usually 1, lose the part of their gradient that would change it; then gradients are clipped, the
 * optimizer steps, and the rows are scaled back to that length (Bricken et al. 2023).
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
  ).map((slope, i) => tangential(slope, parameters[i] as Parameter));
  const clipped = settings.clipNorm === null ? slopes : clip(slopes, settings.clipNorm);
  const optimizer = optimizerOf(settings);
  const states = parameters.flatMap((parameter, i) => {
    const { name, tensor, initial } = parameter;
    const { next, moments } = optimizer(graph, tensor, clipped[i] as Tensor, inputs);
    const own = { current: tensor, next: atLength(next, parameter), initial };
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

/** The part of a gradient that does not change the length of rows, if that is kept fixed. */
function tangential(gradient: Tensor, { tensor: rows, isUnit, lengths }: Parameter): Tensor {
  if (!isUnit) return gradient;
  const along = reduceSum(mul(gradient, rows), [1], true);
  const share = lengths
    ? div(
        along,
        column(
          rows,
          lengths.map((v) => v * v),
        ),
      )
    : along;
  return sub(gradient, mul(rows, share));
}

/** Rows scaled to their fixed length, if they have one. */
function atLength(rows: Tensor, { isUnit, lengths }: Parameter): Tensor {
  if (!isUnit) return rows;
  const unit = div(rows, sqrt(reduceSum(mul(rows, rows), [1], true)));
  return lengths ? mul(unit, column(rows, lengths)) : unit;
}

const column = ({ graph }: Tensor, values: Float32Array): Tensor =>
  graph.constant(values, [values.length, 1]);
