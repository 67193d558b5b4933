import {
  cast,
  cos,
  greaterOrEqual,
  less,
  mul,
  reduceMax,
  reshape,
  rotary,
  sin,
  where,
} from '@feedprint/graph';
import type { RotaryTurns, Tensor } from '@feedprint/graph';
import type { Rotary } from './decoder.ts';
import { NOWHERE } from './positions.ts';
import type { ForwardInputs } from './forward-context.ts';

/** Cosines and sines of the angles at all padded places, `[batch * length, size / 2]`. */
export function rotaryTurns(options: Rotary, inputs: ForwardInputs): RotaryTurns {
  const { queryPositions, places } = inputs;
  const { size, magnitude = 1 } = options;
  const positions = cast(queryPositions, 'float32');
  const angles = reshape(mul(positions, frequenciesOf(options, positions)), ['padded', size / 2]);
  const scaled = (x: Tensor): Tensor => (magnitude === 1 ? x : mul(x, magnitude));
  return { cos: scaled(cos(angles)), sin: scaled(sin(angles)), places };
}

/** The same for all texts, or depending on each text's last position; `positions` `[batch, 1, 1, length, 1]`. */
function frequenciesOf({ frequencies, long }: Rotary, positions: Tensor): Tensor {
  const constant = (values: readonly number[]): Tensor =>
    positions.graph.constant(Float32Array.from(values), [values.length]);
  if (!long) return constant(frequencies);
  const last = reduceMax(where(less(positions, NOWHERE), positions, 0), [3], true);
  const isLong = greaterOrEqual(last, long.beyond);
  return where(isLong, constant(long.frequencies), constant(frequencies));
}

/** Turns the heads of `x` `[batch, heads, length, headSize]`. */
export const rotate = (x: Tensor, options: Rotary, turns: RotaryTurns): Tensor =>
  rotary(x, turns, options);
