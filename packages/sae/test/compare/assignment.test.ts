import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import fc from 'fast-check';
import { assign } from '../../src/compare/assignment.ts';

interface Golden {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly cost: readonly number[];
  readonly total: number;
}

const goldens = JSON.parse(
  readFileSync(new URL('../golden/assignment.json', import.meta.url), 'utf8'),
) as readonly Golden[];

/** Total cost, after checking that every row has a column of its own. */
function total(cost: Float32Array, rows: number, columns: number): number {
  const assigned = assign(cost, rows, columns);
  expect(new Set(assigned).size).toBe(rows);
  expect(assigned.every((j) => j >= 0 && j < columns)).toBe(true);
  return assigned.reduce((sum, j, i) => sum + (cost[i * columns + j] as number), 0);
}

/** Tries every assignment. */
function least(cost: Float32Array, rows: number, columns: number, i = 0, used = 0): number {
  if (i === rows) return 0;
  let best = Infinity;
  for (let j = 0; j < columns; j++) {
    if ((used >> j) & 1) continue;
    const rest = least(cost, rows, columns, i + 1, used | (1 << j));
    best = Math.min(best, (cost[i * columns + j] as number) + rest);
  }
  return best;
}

describe('the assignment', () => {
  test.each(goldens)(
    'costs what that of scipy costs: $name',
    ({ shape, cost, total: expected }) => {
      expect(total(Float32Array.from(cost), ...shape)).toBe(expected);
    },
  );

  test('costs the least of all', () => {
    const values = [
      (random: Random) => random.normal(),
      (random: Random) => random.integer(3) - 1,
      (random: Random) => random.integer(2) * 1e6 + random.integer(5),
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: values.length - 1 }),
        fc.integer(),
        (rows, more, kind, seed) => {
          const columns = rows + more;
          const random = createRandom(seed);
          const draw = values[kind] as (random: Random) => number;
          const cost = Float32Array.from({ length: rows * columns }, () => draw(random));
          expect(total(cost, rows, columns)).toBeCloseTo(least(cost, rows, columns), 6);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is the same every time, and empty for no rows', () => {
    const cost = Float32Array.from({ length: 40 * 60 }, (_, i) => (i * i) % 7);
    expect(assign(cost, 40, 60)).toEqual(assign(cost, 40, 60));
    expect(assign(new Float32Array(0), 0, 4)).toEqual(new Int32Array(0));
  });
});
