import { describe, expect, test } from '@jest/globals';
import { componentDivergence, parameterDivergence } from '../../src/index.ts';
import { loadTiny } from '../support/load-tiny.ts';
import type { TinyCheckpointOptions } from '../support/tiny-checkpoint.ts';

const base = await loadTiny();
const other = await loadTiny({ seed: 3 });

/** Adds numbers to single weights. */
const change =
  (changes: Readonly<Record<string, number>>): NonNullable<TinyCheckpointOptions['change']> =>
  (tensors) => {
    for (const [name, value] of Object.entries(changes)) {
      const { data } = tensors[name] as { data: Float32Array };
      data[0] = (data[0] as number) + value;
    }
  };

describe('componentDivergence', () => {
  test('names the parts of each block in order, then what stands outside, and counts all parameters', () => {
    const parts = componentDivergence(base, base);
    expect(parts.map(({ layer, component }) => `${layer ?? '-'} ${component}`)).toEqual([
      '0 attention',
      '0 mlp',
      '0 norm',
      '1 attention',
      '1 mlp',
      '1 norm',
      '- embedding',
      '- final-norm',
      '- unembedding',
    ]);
    expect(parts.every(({ l2, relativeL2 }) => l2 === 0 && relativeL2 === 0)).toBe(true);
    const all = [...base.parameters()].reduce((sum, { data }) => sum + data.length, 0);
    expect(parts.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(all);
  });

  test('finds each change in its own part alone', async () => {
    const tuned = await loadTiny({
      change: change({
        'gpt_neox.layers.0.attention.dense.weight': 3,
        'gpt_neox.layers.0.attention.query_key_value.bias': 4,
        'gpt_neox.layers.1.mlp.dense_4h_to_h.weight': -2,
        'gpt_neox.layers.1.post_attention_layernorm.weight': 1,
        'gpt_neox.embed_in.weight': 8,
        'gpt_neox.final_layer_norm.bias': 16,
        'embed_out.weight': 32,
      }),
    });
    const l2 = Object.fromEntries(
      componentDivergence(base, tuned).map((p) => [`${p.layer ?? '-'} ${p.component}`, p.l2]),
    );
    expect(l2).toEqual({
      '0 attention': 5,
      '0 mlp': 0,
      '0 norm': 0,
      '1 attention': 0,
      '1 mlp': 2,
      '1 norm': 1,
      '- embedding': 8,
      '- final-norm': 16,
      '- unembedding': 32,
    });
  });

  test('adds up, by squares, to the divergence of the blocks', () => {
    const parts = componentDivergence(base, other);
    parameterDivergence(base, other).forEach(({ layer, l2, relativeL2 }) => {
      const own = parts.filter((part) => part.layer === layer);
      expect(Math.hypot(...own.map((part) => part.l2))).toBeCloseTo(l2, 10);
      const norms = own.map((part) => part.l2 / part.relativeL2);
      expect(l2 / Math.hypot(...norms)).toBeCloseTo(relativeL2, 10);
    });
  });

  test('refuses models of other parameters', async () => {
    const smaller = await loadTiny({ config: { attention_bias: false } });
    expect(() => componentDivergence(base, smaller)).toThrow(
      expect.objectContaining({ code: 'models-mismatched' }),
    );
  });
});
