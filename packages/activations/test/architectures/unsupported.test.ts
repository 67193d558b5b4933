import { describe, expect, test } from '@jest/globals';
import { FeedprintError } from '@feedprint/core';
import { knownArchitectures, loadModel } from '../../src/index.ts';
import { golden, writeGoldenCheckpoint } from './golden-checkpoint.ts';

/** The error that loading a golden model with a changed config gives. */
async function refusal(name: string, changes: Readonly<Record<string, unknown>>) {
  const model = golden(name);
  const config = { ...model.config, ...changes };
  const error: unknown = await loadModel(writeGoldenCheckpoint(model, { config })).then(
    () => new Error('it loads'),
    (reason: unknown) => reason,
  );
  if (!FeedprintError.is(error)) throw error;
  return error;
}

test('an unknown architecture is refused with a list of those that are known', async () => {
  for (const model_type of ['bloom', 'constructor', undefined, 3]) {
    const { code, message, remedy } = await refusal('llama', { model_type });
    expect(code).toBe('checkpoint-unsupported');
    if (model_type !== undefined) expect(message).toContain(String(model_type));
    for (const known of knownArchitectures) expect(remedy).toContain(known);
  }
});

const fp8 = { quant_method: 'fp8', weight_block_size: [128, 128] };

describe.each([
  ['yarn', 'llama', { rope_scaling: { type: 'yarn', factor: 4 } }],
  ['dynamic', 'qwen2', { rope_parameters: { rope_type: 'dynamic', factor: 2 } }],
  ['longrope', 'mistral', { rope_scaling: { rope_type: 'longrope', factor: 2 } }],
  ['linear', 'phi3', { rope_scaling: { type: 'mrope' } }],
  ['quantized', 'qwen3', { quantization_config: fp8 }],
  ['encoder', 'gpt2', { add_cross_attention: true }],
  ['bidirectional', 'gemma3', { use_bidirectional_attention: true }],
  ['LlamaForTokenClassification', 'llama', { architectures: ['LlamaForTokenClassification'] }],
  [
    'Gemma3ForSequenceClassification',
    'gemma3',
    { model_type: 'gemma3', architectures: ['Gemma3ForSequenceClassification'], text_config: {} },
  ],
] as const)('what is not computed: %s', (word, name, changes) => {
  test(`is refused in a config of ${name}, with a remedy`, async () => {
    const { code, message, remedy } = await refusal(name, changes);
    expect(code).toBe('checkpoint-unsupported');
    expect(`${message}; ${remedy}`).toContain(word);
    expect(remedy).toMatch(/^use /);
  });
});

test.each([
  ['llama', { hidden_size: 'wide' }, 'hidden_size'],
  ['llama', { hidden_size: undefined }, 'hidden_size'],
  ['llama', { num_key_value_heads: 3 }, 'num_key_value_heads'],
  ['gpt2', { n_head: 3 }, '3 heads'],
  ['gpt_neo', { attention_types: [[['global'], 2]] }, 'attention_types for 2 layers'],
  ['qwen2', { layer_types: ['full_attention'] }, 'layer_types for 1 layers'],
  ['gemma2', { layer_types: ['chunked_attention'] }, 'layer_types'],
  ['phi3-longrope', { rope_scaling: { type: 'longrope' } }, 'short_factor'],
  [
    'phi3-longrope',
    { rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1, 2] } },
    '1 short and 2 long factors for 2 rotated pairs',
  ],
  ['gemma3', { model_type: 'gemma3' }, 'text_config'],
])(
  'a config of %s with %j is invalid, and the error names the place',
  async (name, changes, place) => {
    const { code, message } = await refusal(name, changes);
    expect(code).toBe('checkpoint-invalid');
    expect(message).toContain(place);
  },
);
