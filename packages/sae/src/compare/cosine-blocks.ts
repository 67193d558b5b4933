import type { Matrix } from '@feedprint/core';
import { Graph, createSession, matmul, swapLast } from '@feedprint/graph';
import type { Directions } from './decoder-rows.ts';

/** Cosines computed at once: 16 MiB. */
const NUMBERS = 1 << 22;

/**
 * Largest error of an f32 cosine of unit rows over `dIn` units, however the products are added up: each product and sum and
 * each of the two rows' rounding adds at most 2^-24 of sum |a_i b_i| <= 1 (Higham 2002, section 3.1), doubled for safety.
 */
export const cosineError = (dIn: number): number => (dIn + 4) * 2 ** -23;

/** Cosines in f32 of blocks of `a`'s directions with all of `b`'s: `visit(first, [block, b])`, in order. */
export async function forCosineBlocks(
  a: Directions,
  b: Directions,
  visit: (first: number, cosines: Float32Array) => void,
): Promise<void> {
  if (a.unit.rows === 0 || b.unit.rows === 0) return;
  const graph = new Graph();
  const { columns, rows: others } = b.unit;
  const x = graph.input('x', 'float32', ['rows', columns]);
  const y = swapLast(graph.constant(b.unit.data, [others, columns]));
  const session = await createSession(graph, { outputs: { cosines: matmul(x, y) } });
  try {
    const block = Math.max(1, Math.floor(NUMBERS / others));
    for (let first = 0; first < a.unit.rows; first += block) {
      const rows = Math.min(block, a.unit.rows - first);
      const { cosines } = await session.run({
        x: { data: rowsOf(a.unit, first, rows), shape: [rows, columns] },
      });
      visit(first, cosines?.data as Float32Array);
    }
  } finally {
    await session.dispose();
  }
}

const rowsOf = ({ data, columns }: Matrix, first: number, rows: number): Float32Array =>
  data.subarray(first * columns, (first + rows) * columns);
