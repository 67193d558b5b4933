import { afterAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '../src/index.ts';
import { generate } from '../src/model/generate.ts';
import { matrix } from '@feedprint/core';
import { writeTinyCheckpoint } from './support/tiny-checkpoint.ts';

const model = await loadModel(writeTinyCheckpoint(), { threads: 1 });
afterAll(() => model.dispose());
const context = model.info.contextLength;
const full = new Array<number>(context).fill(3);

/** A model whose logits are always these. */
const fixed = (logits: readonly number[]) => ({
  info: { ...model.info, vocabularySize: logits.length },
  tokenizer: model.tokenizer,
  run: async (rows: readonly ArrayLike<number>[]) => ({
    activations: new Map(),
    logits: matrix(rows.length, logits.length, Float32Array.from(rows.flatMap(() => logits))),
  }),
});

describe('generation', () => {
  test('stops at the end of the context, each prompt at its own', async () => {
    const never = fixed([-1e9, 0, 0, 0]);
    const out = await generate(never, [full, full.slice(1), full.slice(4), [1]], {
      maxNewTokens: 6,
      seed: 1,
    });
    expect(out.map((tokens) => tokens.length)).toEqual([0, 1, 4, 6]);
  });

  test('reaches the end of the context of a real model without an error', async () => {
    const out = await model.generate([full.slice(3), [1]], { maxNewTokens: 40, seed: 1 });
    expect((out[0] as number[]).length).toBeLessThanOrEqual(3);
    expect((out[1] as number[]).length).toBeLessThanOrEqual(context - 1);
    expect(out.flat().every((id) => id > 0 && id < 32)).toBe(true);
  });

  test('ends at a special token, which is left out', async () => {
    expect(
      await generate(fixed([9, 0, 0]), [[1]], { maxNewTokens: 5, temperature: 0, seed: 1 }),
    ).toEqual([[]]);
  });

  test('draws tokens with the probabilities of the softmax at the temperature', async () => {
    const logits = [-1e9, 0, 1, 2];
    const prompts = Array.from({ length: 600 }, () => [1]);
    for (const temperature of [1, 0.5]) {
      const drawn = (
        await generate(fixed(logits), prompts, { maxNewTokens: 1, temperature, seed: 4 })
      ).flat();
      const total = logits.reduce((sum, v) => sum + Math.exp(v / temperature), 0);
      [1, 2, 3].forEach((id) => {
        const p = Math.exp((logits[id] as number) / temperature) / total;
        const share = drawn.filter((d) => d === id).length / 600;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 600));
      });
    }
  });

  test('continues with what the edited model finds most probable', async () => {
    const edit = {
      site: 'blocks.1.hook_resid_post',
      apply: (x: { rows: number; columns: number; data: Float32Array }) =>
        matrix(
          x.rows,
          x.columns,
          x.data.map((v, i) => (i % 16 === 3 ? v + 50 : v)),
        ),
    };
    const edits = [edit];
    const { logits } = await model.run([[5, 6]], { logits: 'last', edits });
    const best = logits?.data.indexOf(Math.max(...logits.data)) as number;
    const [next] = await model.generate([[5, 6]], {
      maxNewTokens: 1,
      temperature: 0,
      seed: 1,
      edits,
    });
    expect(next).toEqual(best === 0 ? [] : [best]);
    expect(
      await model.generate([[5, 6]], { maxNewTokens: 1, temperature: 0, seed: 1 }),
    ).not.toEqual([next]);
  });

  test('of no prompt, or no tokens, gives nothing', async () => {
    expect(await model.generate([], { maxNewTokens: 3, seed: 1 })).toEqual([]);
    expect(await model.generate([[1]], { maxNewTokens: 0, seed: 1 })).toEqual([[]]);
  });
});
