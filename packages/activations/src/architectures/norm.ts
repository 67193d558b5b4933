import { add, layerNorm, mul, rmsNorm } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Norm } from './decoder.ts';
import type { ForwardContext } from './forward-context.ts';

/** Normalises `x` over its last axis; the normalised rows before weight and bias are what `site` names. */
export function normalise(
  { graph, weights, tap }: ForwardContext,
  { kind, epsilon, unitOffset = false }: Norm,
  name: string,
  x: Tensor,
  site?: string,
): Tensor {
  const width = x.shape.at(-1) as number;
  const weight = weights.tensor(graph, `${name}.weight`, [width]);
  const scale = unitOffset ? add(weight, 1) : weight;
  const bias = kind === 'layer' ? weights.tensor(graph, `${name}.bias`, [width]) : undefined;
  if (site === undefined || !tap.wants(site)) {
    return bias ? layerNorm(x, scale, bias, epsilon) : rmsNorm(x, scale, epsilon);
  }
  const filled = (value: number): Tensor =>
    graph.constant(new Float32Array(width).fill(value), [width]);
  const plain = bias ? layerNorm(x, filled(1), filled(0), epsilon) : rmsNorm(x, filled(1), epsilon);
  const scaled = mul(tap(site, plain), scale);
  return bias ? add(scaled, bias) : scaled;
}
