import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '../src/index.ts';
import { writeTinyCheckpoint } from './support/tiny-checkpoint.ts';

interface Variant {
  readonly config: Readonly<Record<string, unknown>>;
  readonly rows: readonly {
    readonly ids: readonly number[];
    readonly firstLogits: readonly number[];
    readonly lastLogits: readonly number[];
    readonly middle: readonly number[];
  }[];
}

const { variants } = JSON.parse(
  readFileSync(new URL('./golden/tiny-variants.json', import.meta.url), 'utf8'),
) as { readonly variants: Readonly<Record<string, Variant>> };

describe.each(Object.entries(variants))('GPT-NeoX, %s', (_, { config, rows }) => {
  test('computes what transformers computes', async () => {
    const model = await loadModel(writeTinyCheckpoint({ config }), { threads: 1 });
    const site = 'blocks.0.hook_resid_post';
    const { logits, activations } = await model.run(
      rows.map(({ ids }) => ids),
      { logits: 'all', capture: [site] },
    );
    const middle = activations.get(site);
    let [worst, start] = [0, 0];
    const compare = (
      data: Float32Array | undefined,
      at: number,
      expected: readonly number[],
    ): void =>
      expected.forEach((value, i) => {
        const difference = Math.abs((data?.[at * expected.length + i] ?? NaN) - value);
        worst = difference >= 0 ? Math.max(worst, difference) : NaN;
      });
    for (const { ids, firstLogits, lastLogits, middle: expected } of rows) {
      const last = start + ids.length - 1;
      compare(logits?.data, start, firstLogits);
      compare(logits?.data, last, lastLogits);
      compare(middle?.data, last, expected);
      start = last + 1;
    }
    expect(worst).toBeLessThanOrEqual(2e-5);
    await model.dispose();
  });
});

test('every variant gives numbers of its own, so that none is tested by another', () => {
  const last = Object.values(variants).map(({ rows }) => JSON.stringify(rows.at(-1)?.lastLogits));
  // The last two differ in how config.json is written only.
  expect(new Set(last).size).toBe(last.length - 1);
});

test('f16, bf16 and f32 weights give the same logits where the weights are exact in all three', async () => {
  const [wide, half, brain] = await Promise.all(
    (['F32', 'F16', 'BF16'] as const).map(async (dtype) => {
      const model = await loadModel(writeTinyCheckpoint({ dtype }), { threads: 1 });
      const { logits } = await model.run([[5, 9, 2, 7]], { logits: 'all' });
      await model.dispose();
      return [...(logits?.data ?? [])];
    }),
  );
  expect(wide?.length).toBe(4 * 32);
  expect(half).toEqual(wide);
  expect(brain).toEqual(wide);
});

test.each([
  ['yarn scaling', { rope_scaling: { type: 'yarn', factor: 2 } }],
  ['another kind', { rope_parameters: { rope_type: 'yarn', rope_theta: 1e4, factor: 2 } }],
  ['an odd number of units', { rotary_pct: 0.4 }],
  ['no unit', { rotary_pct: 0.1 }],
])('rotary positions of %s are refused, not computed as plain ones', async (_, config) => {
  await expect(loadModel(writeTinyCheckpoint({ config }))).rejects.toMatchObject({
    name: 'FeedprintError',
    code: 'checkpoint-unsupported',
  });
});
