import { afterAll, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Edit, Matrix } from '@feedprint/core';
import { mul } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';
import { generate } from '../../src/generation/generate.ts';
import { loadModel } from '../../src/index.ts';
import { demoModel } from '../support/models.ts';

const model = await loadModel(demoModel('base'), { threads: 1 });
afterAll(() => model.dispose());
// The cache grows when a row comes to 65 tokens.
const prompts = ['The film was', 'I thought that the film was good. '.repeat(7), 'A'].map(
  (text) => [...model.tokenizer.encode(text)],
);

const scaled = (x: Matrix, factorAt: (position: number) => number, position: Int32Array): Matrix =>
  matrix(
    x.rows,
    x.columns,
    x.data.map((value, i) => value * factorAt(position[Math.floor(i / x.columns)] as number)),
  );

/** Acts by position, so that a position counted from the step's start would show. */
const callback: Edit = {
  site: 'blocks.1.hook_mlp_out',
  apply: (x, position) => scaled(x, (p) => (p % 3 === 0 ? -1 : 1), position),
};
const inGraph: GraphEdit = {
  site: 'blocks.2.hook_attn_out',
  apply: (x, position) => scaled(x, () => 0.75, position),
  splice: (x) => mul(x, 0.75),
};

test.each<[string, readonly Edit[]]>([
  ['no edit', []],
  ['a callback', [callback]],
  ['a part of the graph', [inGraph]],
  ['both', [callback, inGraph]],
])('continues as passes over whole texts do, with %s', async (_, edits) => {
  const sampling = { maxNewTokens: 24, temperature: 0.7, seed: 4, edits };
  const kept = await model.generate(prompts, sampling);
  expect(kept).toEqual(await generate(model, prompts, sampling));
  expect(
    Math.max(...kept.map(({ length }, i) => length + (prompts[i]?.length ?? 0))),
  ).toBeGreaterThan(66);
});

test('edits change what is generated', async () => {
  const sampling = { maxNewTokens: 20, temperature: 0, seed: 3 };
  const outputs = await Promise.all(
    [[], [callback], [inGraph]].map((edits) => model.generate(prompts, { ...sampling, edits })),
  );
  expect(new Set(outputs.map((output) => JSON.stringify(output))).size).toBe(3);
});
