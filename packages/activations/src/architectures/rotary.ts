import { add, concat, gather, mul, neg, slice } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/** Cosines and sines `[positions, size]` of the rotation angles. */
export interface RotaryTables {
  readonly positions: number;
  readonly size: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Rotary position embedding (Su et al. 2021): pair i of `size / 2` turns by position * base^(-2 i / size). */
export function rotaryTables(positions: number, size: number, base: number): RotaryTables {
  const cos = new Float32Array(positions * size);
  const sin = new Float32Array(positions * size);
  for (let p = 0; p < positions; p++) {
    for (let j = 0; j < size; j++) {
      const frequency = Math.fround(1 / base ** ((2 * (j % (size / 2))) / size));
      const angle = Math.fround(p * frequency);
      cos[p * size + j] = Math.cos(angle);
      sin[p * size + j] = Math.sin(angle);
    }
  }
  return { positions, size, cos, sin };
}

/** Rotates the first `size` units of each head, `x` `[batch, heads, length, headSize]`; halves are paired, as in GPT-NeoX. */
export function rotate(x: Tensor, size: number, tables: RotaryTables, positions: Tensor): Tensor {
  const { graph } = x;
  const table = (data: Float32Array): Tensor =>
    gather(graph.constant(data, [tables.positions, tables.size]), positions);
  const turned = slice(x, -1, 0, size);
  const half = size / 2;
  const swapped = concat([neg(slice(turned, -1, half, size)), slice(turned, -1, 0, half)], -1);
  const rotated = add(mul(turned, table(tables.cos)), mul(swapped, table(tables.sin)));
  const headSize = Number(x.shape.at(-1));
  return size === headSize ? rotated : concat([rotated, slice(x, -1, size, headSize)], -1);
}
