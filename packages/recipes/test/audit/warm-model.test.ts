import { expect, test } from '@jest/globals';
import type { LanguageModel, NamedTensor } from '@feedprint/core';
import { warmModel } from '../../src/audit/placebos/warm-model.ts';

/** A model of which only the parameters matter: what it is changed to is kept. */
function recorded(tensors: readonly Omit<NamedTensor, 'shape'>[]) {
  let changed: ReadonlyMap<string, Float32Array> | undefined;
  const model = {
    parameters: () => tensors.map((tensor) => ({ ...tensor, shape: [tensor.data.length] })),
    withParameters(given: ReadonlyMap<string, Float32Array>) {
      changed = given;
      return model;
    },
  } as unknown as LanguageModel;
  return { model, changed: () => changed };
}

const head = { name: 'embed_out.weight', data: Float32Array.of(2, -4) };
const others = [
  { name: 'gpt_neox.embed_in.weight', data: Float32Array.of(1) },
  { name: 'gpt_neox.final_layer_norm.weight', data: Float32Array.of(1) },
  { name: 'gpt_neox.layers.0.mlp.dense_h_to_4h.weight', layer: 0, data: Float32Array.of(1) },
];

test('a model at a temperature has its unembedding divided by it, and nothing else changed', () => {
  const { model, changed } = recorded([
    ...others,
    head,
    { name: 'lm_head.bias', data: Float32Array.of(1) },
  ]);
  expect(warmModel(model, 2)).toBe(model);
  expect(changed()).toEqual(
    new Map([
      ['embed_out.weight', Float32Array.of(1, -2)],
      ['lm_head.bias', Float32Array.of(0.5)],
    ]),
  );
});

test('there is none where no unembedding is known or parameters cannot be exchanged', () => {
  expect(warmModel(recorded(others).model, 2)).toBeUndefined();
  const { withParameters: _, ...fixed } = recorded([head]).model as LanguageModel & {
    withParameters: unknown;
  };
  expect(warmModel(fixed, 2)).toBeUndefined();
});
