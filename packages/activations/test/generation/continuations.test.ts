import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Edit, Sampling } from '@feedprint/core';
import { generate, loadModel } from '../../src/index.ts';
import { demoModel } from '../support/models.ts';

interface Golden {
  readonly newTokens: number;
  readonly prompts: readonly {
    readonly ids: readonly number[];
    readonly added: readonly number[];
    readonly lead: number;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/generate-demo-base.json', import.meta.url), 'utf8'),
) as Golden;
const model = await loadModel(demoModel('base'), { threads: 1 });
afterAll(() => model.dispose());
const prompts = golden.prompts.map(({ ids }) => ids);

describe('continuations', () => {
  test('at temperature 0 are those of transformers.generate, of all lengths in one batch', async () => {
    // Twice the 1e-4 to which logits agree: no token can change places.
    expect(Math.min(...golden.prompts.map(({ lead }) => lead))).toBeGreaterThan(2e-4);
    const sampling: Sampling = { maxNewTokens: golden.newTokens, temperature: 0, seed: 1 };
    expect(await model.generate(prompts, sampling)).toEqual(
      golden.prompts.map(({ added }) => added),
    );
  });

  test.each<[string, readonly Edit[]]>([
    ['without edits', []],
    [
      'with an edit',
      [
        {
          site: 'blocks.1.hook_mlp_out',
          apply: (x) =>
            matrix(
              x.rows,
              x.columns,
              x.data.map((v) => -v),
            ),
        },
      ],
    ],
    [
      'with an edit at chosen positions',
      [
        {
          site: 'blocks.2.hook_resid_post',
          apply: (x, position) =>
            matrix(
              x.rows,
              x.columns,
              x.data.map((v, i) =>
                (position[Math.floor(i / x.columns)] as number) % 5 === 4 ? 0 : v,
              ),
            ),
        },
      ],
    ],
  ])('are the same when rows are run again for every token, %s', async (_, edits) => {
    const sampling: Sampling = { maxNewTokens: 12, temperature: 0.9, topP: 0.95, seed: 3, edits };
    const found = await model.generate(prompts, sampling);
    expect(found).toEqual(await generate(model, prompts, sampling));
    expect(found.flat().length).toBeGreaterThan(20);
  });
});
