import type { Tensor } from '../tensor.ts';
import { sameShape, shapeError } from '../tensor.ts';
import { neg } from './elementwise.ts';

export interface RotaryOptions {
  /** Units of each head that are rotated, counted from the first; an even number. */
  readonly size: number;
  /** Pairs of units that are rotated together: `i` with `i + size / 2`, or `i` with `i + 1`. */
  readonly pairs: 'halves' | 'neighbours';
}

/** Angles of the rotations: row `places[b, l]` of `cos` and `sin`, which are `[rows, size / 2]`. */
export interface RotaryTurns {
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** int64 `[batch, length]`. */
  readonly places: Tensor;
}

/** Rotates pairs of each head's units (rotary position embedding, Su et al. 2021), `x` `[batch, heads, length, headSize]`. */
export function rotary(x: Tensor, turns: RotaryTurns, options: RotaryOptions): Tensor {
  const { cos, sin, places } = turns;
  const { size, pairs } = options;
  const [batch, heads, length, headSize] = x.shape;
  const fits =
    x.shape.length === 4 &&
    typeof heads === 'number' &&
    typeof headSize === 'number' &&
    size % 2 === 0 &&
    size <= headSize &&
    cos.shape[1] === size / 2 &&
    sameShape(cos.shape, sin.shape) &&
    sameShape(places.shape, [batch, length] as typeof places.shape);
  if (!fits) throw shapeError('RotaryEmbedding', x, cos, sin, places);
  return x.graph.node('RotaryEmbedding', [x, places, cos, sin], {
    domain: 'com.microsoft',
    shape: x.shape,
    attributes: {
      interleaved: pairs === 'neighbours' ? 1 : 0,
      num_heads: heads,
      rotary_embedding_dim: size === headSize ? 0 : size,
    },
    sources: [x],
    backward: (g) => [rotary(g, { ...turns, sin: neg(sin) }, options)],
  });
}
