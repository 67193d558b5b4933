import { expect, test } from '@jest/globals';
import { Graph, createProgram, gather, gradients, mul, reduceSum } from '../src/index.ts';
import type { Value } from '../src/index.ts';

/** Sum of the squares of the rows that are chosen, whose number is known only when it runs; and the gradient. */
function chosenRows() {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [4, 2]);
  const rows = gather(x, graph.input('chosen', 'int32', ['count']));
  const loss = reduceSum(mul(rows, rows), [0, 1]);
  return { graph, loss, slope: gradients(loss, [x])[0] as typeof loss };
}

test('writes into parts of an array, whatever number of rows is gathered', async () => {
  const { graph, loss, slope } = chosenRows();
  const program = await createProgram(graph, [loss, slope], { threads: 2 });
  const all = new Float32Array(12).fill(-1);
  const into: Record<string, Value> = {
    [loss.name]: { data: new Float32Array(1), shape: [] },
    [slope.name]: { data: all.subarray(2, 10), shape: [4, 2] },
  };
  const x = { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [4, 2] };
  for (const [chosen, expected] of [
    [
      [3, 1, 3],
      [0, 0, 6, 8, 0, 0, 28, 32],
    ],
    [[0], [2, 4, 0, 0, 0, 0, 0, 0]],
  ] as const) {
    await program.run(
      { x, chosen: { data: Int32Array.from(chosen), shape: [chosen.length] } },
      into,
    );
    expect([...all]).toEqual([-1, -1, ...expected, -1, -1]);
    const sum = chosen.reduce<number>(
      (s, r) => s + (x.data[2 * r] as number) ** 2 + (x.data[2 * r + 1] as number) ** 2,
      0,
    );
    expect(into[loss.name]?.data[0]).toBe(sum);
  }
  await program.dispose();
});

test('names what was not fed, and what has no place', async () => {
  const { graph, loss } = chosenRows();
  const program = await createProgram(graph, [loss], { threads: 1 });
  const chosen = { data: Int32Array.of(0), shape: [1] };
  await expect(program.run({ chosen }, {})).rejects.toThrow(/input x was not fed/);
  await program.dispose();
});
