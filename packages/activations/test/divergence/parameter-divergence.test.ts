import { describe, expect, test } from '@jest/globals';
import type { LanguageModel, NamedTensor } from '@feedprint/core';
import { parameterDivergence } from '../../src/index.ts';
import { loadTiny } from '../support/load-tiny.ts';

const base = await loadTiny();

describe('parameterDivergence', () => {
  test('of a model and itself is zero at every layer', () => {
    expect(parameterDivergence(base, base)).toEqual([
      { layer: 0, l2: 0, relativeL2: 0 },
      { layer: 1, l2: 0, relativeL2: 0 },
    ]);
  });

  test('is the distance over all of a block as one vector, nothing outside the blocks counted', async () => {
    const tuned = await loadTiny({
      change: (t) => {
        const add = (name: string, at: number, value: number): void => {
          const { data } = t[name] as { data: Float32Array };
          data[at] = (data[at] as number) + value;
        };
        add('gpt_neox.layers.1.mlp.dense_h_to_4h.weight', 7, 3);
        add('gpt_neox.layers.1.attention.dense.bias', 2, -4);
        add('gpt_neox.embed_in.weight', 0, 100);
        add('embed_out.weight', 0, 100);
        add('gpt_neox.final_layer_norm.bias', 0, 100);
      },
    });
    let square = 0;
    for (const { layer, data } of base.parameters()) {
      if (layer === 1) for (const v of data) square += v * v;
    }
    const [first, second] = parameterDivergence(base, tuned);
    expect(first).toEqual({ layer: 0, l2: 0, relativeL2: 0 });
    expect(second?.l2).toBe(5);
    expect(second?.relativeL2).toBeCloseTo(5 / Math.sqrt(square), 12);
  });

  test('is taken on weights, not on 8-bit codes of them (mistake 9 of the released code)', async () => {
    // A tensor scaled as a whole has the same absolute-maximum codes as before: on codes it would not have moved.
    const name = 'gpt_neox.layers.1.mlp.dense_h_to_4h.weight';
    const codes = (data: Float32Array): number[] => {
      const most = data.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
      return Array.from(data, (v) => Math.round((127 * v) / most));
    };
    const weights = (model: LanguageModel): Float32Array =>
      [...model.parameters()].find((tensor) => tensor.name === name)?.data ?? new Float32Array();
    const tuned = await loadTiny({
      change: (t) => {
        const { data } = t[name] as { data: Float32Array };
        data.forEach((value, i) => (data[i] = 2 * value));
      },
    });
    expect(codes(weights(tuned))).toEqual(codes(weights(base)));
    const moved = Math.sqrt(weights(base).reduce((sum, v) => sum + v * v, 0));
    expect(moved).toBeGreaterThan(0.1);
    const [first, second] = parameterDivergence(base, tuned);
    expect(first?.l2).toBe(0);
    expect(second?.l2).toBeCloseTo(moved, 5);
  });

  /** The base with its parameters changed, as a model whose files say so would be. */
  const withParameters = (
    change: (all: NamedTensor[]) => readonly NamedTensor[],
  ): LanguageModel => ({
    ...base,
    parameters: () => change([...base.parameters()]),
  });
  const last = (all: readonly NamedTensor[]): NamedTensor => all.at(-1) as NamedTensor;

  test.each<[string, LanguageModel]>([
    ['fewer tensors', withParameters((all) => all.slice(0, -1))],
    ['a tensor more', withParameters((all) => [...all, { ...last(all), name: 'zz.extra' }])],
    ['another name', withParameters((all) => [...all.slice(0, -1), { ...last(all), name: 'zz' }])],
    [
      'another shape of the same size',
      withParameters((all) =>
        all.map((tensor) => ({ ...tensor, shape: [...tensor.shape].reverse() })),
      ),
    ],
  ])('refuses a model with %s, on either side', (_, other) => {
    for (const pair of [
      [base, other],
      [other, base],
    ] as const) {
      expect(() => parameterDivergence(...pair)).toThrow(
        expect.objectContaining({ code: 'models-mismatched' }),
      );
    }
  });
});

test('fingerprints are equal for equal checkpoints alone', async () => {
  expect((await loadTiny()).fingerprint).toBe(base.fingerprint);
  expect((await loadTiny({ seed: 1 })).fingerprint).not.toBe(base.fingerprint);
  expect((await loadTiny({ config: { layer_norm_eps: 1e-6 } })).fingerprint).not.toBe(
    base.fingerprint,
  );
});
